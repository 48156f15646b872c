// Forms with data-kept are sent at once. While they are being written they are kept as a log's draft is, until the server has taken them.
const SENT_FORM = 'sent-form'; // which one has been sent from where: the next page tells whether it was taken
const newest = new WeakMap();

const keptKey = (action) => [body.who, 'kept', action].join('|');
const actionOf = (form) => form.getAttribute('action');
const keptOf = (action) => inStore((database) => database.get('drafts', keptKey(action)));

const keepForm = async (form) => {
  await restored;
  if (!body.who || !(await phoneKeeps)) return;
  const key = keptKey(actionOf(form));
  const locked = await lockAway(valuesOf(form), (await keptOf(actionOf(form)))?.lock);
  const at = Date.now();
  await inStore((database) => database.put('drafts', { key, author: body.who, kind: 'kept', path: actionOf(form), at, ...locked }));
  fieldNote(form, 'saved', at);
};

for (const kind of ['input', 'change']) {
  document.addEventListener(kind, ({ target }) => {
    const form = target.form?.closest('[data-kept]');
    if (!form) return;
    names.add(target.name);
    const turn = {};
    const before = newest.get(form)?.done ?? Promise.resolve();
    turn.done = before.then(() => newest.get(form) === turn && keepForm(form)).catch(() => {});
    newest.set(form, turn);
  });
}

document.addEventListener('submit', ({ target }) => {
  if (target.matches('[data-kept]')) sessionStorage.setItem(SENT_FORM, JSON.stringify([location.pathname, actionOf(target)]));
});

// A form that has been sent from there and is not on the page that came of it: the server has it.
const dropTaken = async (forms) => {
  const [page, action] = JSON.parse(sessionStorage.getItem(SENT_FORM) ?? '[]');
  sessionStorage.removeItem(SENT_FORM);
  const came = document.referrer && new URL(document.referrer).pathname === page;
  if (came && !forms.some((form) => actionOf(form) === action)) await inStore((database) => database.delete('drafts', keptKey(action)));
};

const takeBackKept = async () => {
  if (!body.who) return;
  const forms = [...document.querySelectorAll('form[data-kept]')];
  await dropTaken(forms);
  for (const form of forms) {
    const kept = await keptOf(actionOf(form));
    if (!kept || kept.at < Date.now() - DRAFT_LIVES || form.querySelector('.error-summary')) continue;
    fillForm(form, await unlock(kept), (name) => !names.has(name));
    fieldNote(form, 'restored', kept.at);
  }
};
