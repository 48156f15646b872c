// What all the scripts on this page share: who is signed in here, whether the phone can keep anything, and the outbox.
const body = document.body.dataset;
const sealing = { number: body.sealing.split('.')[0], key: body.sealing.split('.')[1] };
const net = sendingOver(Number(body.patience));
const outboxChanged = new EventTarget();
const tellHere = () => outboxChanged.dispatchEvent(new Event('change'));
onChangeElsewhere(tellHere);
const outbox = createOutbox({
  store: outboxStore, net, lock: alone, now: () => Date.now(), changed: () => { tellHere(); tellOthers(); },
});
let lastWord = null; // what the latest attempt came to
const attempt = async () => { lastWord = await outbox.drain(); return lastWord; };
const backOff = createBackOff({ attempt, wait: (ms) => new Promise((done) => { setTimeout(done, ms); }) });

// A page from the shell does not know who is signed in: the phone's own facts do.
const author = async () => body.who || (await keptFacts())?.who || null;

const clockTime = (ms) => new Date(ms).toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Copenhagen' });
const today = () => new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Copenhagen' });
const filledIn = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// Closed to us in a private window, or full: then the forms post directly, and the page says so.
const phoneKeeps = window.crypto?.subtle && window.indexedDB && body.sealing
  ? inStore((database) => database.count('outbox')).then(() => true, () => false)
  : Promise.resolve(false);
phoneKeeps.then((keeps) => { document.documentElement.dataset.keeps = keeps ? 'yes' : 'no'; });

const sayItKeepsNothing = () => {
  const note = document.getElementById('no-store');
  if (!note || !document.querySelector('[data-outbox]')) return;
  note.hidden = false;
  wantHypertext().catch(() => {}); // then a lost answer leaves the form as it is
};

// As the server holds it: a form of its own, so that nothing of the answer is written to the phone.
const openAsHeld = async (item) => {
  const { status, token } = await net.key();
  if (status !== 200) { location.assign('/log-ind'); return; }
  const fields = { csrf_token: token, sealed: item.sealed, key: item.key, record: item.id, mentorship: item.mentorship };
  if (item.state === 'draft') fields.draft = '1';
  const form = Object.assign(document.createElement('form'), { method: 'post', action: item.path, hidden: true });
  form.append(...Object.entries(fields).map(([name, value]) => Object.assign(document.createElement('input'), { type: 'hidden', name, value })));
  document.body.append(form);
  form.submit();
};
