// The little that the form needs to know without signal, of whoever is signed in here, and of nobody else.
const FACTS_STAY_FRESH = 5 * 60 * 1000;

const keptFacts = async () => {
  const kept = await inStore((database) => database.get('facts', 'me'));
  return kept ? { at: kept.at, ...await unlock(kept) } : null;
};

const dropFacts = () => inStore(async (database) => { for (const key of ['me', 'used']) await database.delete('facts', key); });

// Whether this phone reminds somebody, and whom. Signing out ends it at the server; it is begun again by the same person only.
const keptReminding = () => inStore((database) => database.get('facts', 'reminding'));
const keepReminding = (kept) => inStore((database) => (kept ? database.put('facts', { key: 'reminding', ...kept }) : database.delete('facts', 'reminding')));

const refreshFacts = async (who) => {
  const before = await inStore((database) => database.get('facts', 'me'));
  if (before?.who === who && before.at > Date.now() - FACTS_STAY_FRESH) return;
  const answer = await fetch('/udbakke/viden', { headers: { 'HX-Request': 'true' } });
  if (!answer.ok) return;
  const facts = await answer.json();
  if (facts.who !== who) return;
  await inStore(async (database) => database.put('facts', { key: 'me', who, at: Date.now(), ...await lockAway(facts) }));
};
