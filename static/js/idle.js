// The idle lock as the phone itself keeps it: without signal there is no server to ask. Only a page of the server's opens it.
const SAID_EVERY = 60 * 1000; // ms
let saidAt = 0;
let lockedNow = true; // until this page has found out

const sayUsed = async () => {
  if (Date.now() - saidAt < SAID_EVERY) return;
  saidAt = Date.now();
  await inStore((database) => database.put('facts', { key: 'used', at: saidAt }));
};

const unusedHere = async () => {
  const kept = await inStore((database) => database.get('facts', 'used'));
  return !kept || isLong(kept.at);
};

// What is written goes to the outbox, sealed; of the facts only what a form cannot be sent without stays.
const lockHere = async () => {
  await sealDrafts(null, sealing);
  const facts = await keptFacts();
  if (!facts) return;
  const { who, mentorship, earliest, weeks } = facts;
  const locked = await lockAway({ who, mentorship, earliest, weeks, logged: [] });
  await inStore((database) => database.put('facts', { key: 'me', who, at: 0, ...locked }));
};

const settleLock = async () => {
  lockedNow = !body.who && await unusedHere();
  if (lockedNow) await lockHere();
  else await sayUsed();
};

// Back after a while: the server is asked before anything is seen. Nobody's page may stay as it is.
const isOfSomebody = () => Boolean(body.who) || 'shell' in body;
const askAnew = async () => {
  cover();
  await keepTyped().catch(() => {});
  location.replace(location.pathname + location.search);
};

for (const kind of ['pointerdown', 'keydown']) {
  document.addEventListener(kind, () => { if (!lockedNow) sayUsed().catch(() => {}); });
}
