// What is being written is kept at every tap and keystroke, for a day at the most, under a key of its own.
const DRAFT_LIVES = 24 * 60 * 60 * 1000;

const draftKey = (author, form) => [author, form.dataset.outbox, location.pathname].join('|');

const keepDraft = async (author, form) => {
  const key = draftKey(author, form);
  const pairs = valuesOf(form);
  const before = await inStore((database) => database.get('drafts', key));
  const kept = await lockAway(pairs, before?.lock);
  const at = Date.now();
  await inStore((database) => database.put('drafts', { key, author, kind: form.dataset.outbox, path: form.getAttribute('action'), at, ...kept }));
  return at;
};

const draftOf = async (author, form) => {
  const kept = await inStore((database) => database.get('drafts', draftKey(author, form)));
  if (!kept || kept.at < Date.now() - DRAFT_LIVES) return null;
  return { at: kept.at, pairs: await unlock(kept) };
};

const dropDraft = (author, form) => inStore((database) => database.delete('drafts', draftKey(author, form)));

const dropOldDrafts = async () => {
  for (const { key, at } of await inStore((database) => database.getAll('drafts'))) {
    if (at < Date.now() - DRAFT_LIVES) await inStore((database) => database.delete('drafts', key));
  }
};

// Whoever is not signed in any more cannot read them here: sealed to the server, which opens them to their author.
const sealDrafts = async (ofOthersThan, sealing) => {
  const taken = new Set((await outboxStore.all()).map((item) => item.id));
  for (const draft of await inStore((database) => database.getAll('drafts'))) {
    if (draft.author === ofOthersThan) continue;
    if (draft.kind === 'kept') { // about no mentorship that it could be sealed for
      await inStore((database) => database.delete('drafts', draft.key));
      continue;
    }
    const pairs = await unlock(draft);
    if (taken.has(valueIn(pairs, 'id'))) pairs.find(([name]) => name === 'id')[1] = crypto.randomUUID(); // sent from another tab
    const item = {
      id: valueIn(pairs, 'id'), author: draft.author, mentorship: valueIn(pairs, 'mentorship'), kind: draft.kind, path: draft.path,
      on: dayOf(pairs), key: sealing.number, made: draft.at, state: 'draft', tries: 0, status: null, sent: null, location: null,
    };
    if (!item.id || !item.mentorship) continue;
    item.sealed = await sealRecord(pairs, sealing.key, item);
    await outboxStore.put(item);
    await inStore((database) => database.delete('drafts', draft.key));
  }
};
