// Skjul: one tap, or Esc twice, puts a page about nobody in the place of this one. What is being written is kept.
const LONGEST_KEEPING = 1500; // ms: the cover is drawn meanwhile
const TWICE = 600; // ms between one Esc and the next
const typedIn = new Set();

document.addEventListener('input', ({ target }) => { if (target.form) typedIn.add(target.form); });

const dropTyped = () => inStore((database) => database.delete('facts', 'typed'));

const answersOf = (form) => valuesOf(form).filter(([name, value]) => typeof value === 'string' && form.elements[name]?.type !== 'password');

// Forms that are not drafts already are kept like one, for the same person on the same page.
const keepTyped = async () => {
  await Promise.all([...document.querySelectorAll('form[data-outbox]')].map((form) => writing.get(form)?.done));
  const forms = [...document.forms].map((form, index) => ({ form, index }))
    .filter(({ form }) => typedIn.has(form) && !form.matches('[data-outbox]'))
    .map(({ form, index }) => ({ index, action: form.getAttribute('action'), pairs: answersOf(form) }));
  if (!forms.length || !body.who || !(await phoneKeeps)) return;
  const locked = await lockAway(forms);
  await inStore((database) => database.put('facts', { key: 'typed', who: body.who, path: location.pathname, at: Date.now(), ...locked }));
};

const takeBackTyped = async () => {
  const kept = body.who && await inStore((database) => database.get('facts', 'typed'));
  if (!kept) return;
  const over = kept.who !== body.who || kept.at < Date.now() - DRAFT_LIVES;
  if (!over && kept.path !== location.pathname) return;
  await dropTyped();
  if (over) return;
  for (const { index, action, pairs } of await unlock(kept)) {
    const form = document.forms[index];
    if (form?.getAttribute('action') === action) { fillForm(form, pairs); typedIn.add(form); }
  }
};

const hide = async () => {
  cover();
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${HIDDEN}=${encodeURIComponent(location.pathname)}; Path=/; SameSite=Lax${secure}`;
  await Promise.race([keepTyped().catch(() => {}), new Promise((done) => { setTimeout(done, LONGEST_KEEPING); })]);
  location.replace(NOBODYS_PAGE);
};

const lift = (from) => {
  document.cookie = `${HIDDEN}=; Path=/; Max-Age=0; SameSite=Lax${location.protocol === 'https:' ? '; Secure' : ''}`;
  const { origin, pathname } = new URL(from, location.origin);
  location.replace(origin === location.origin && !pathname.startsWith('//') ? pathname : '/');
};

let lastEsc = 0;
document.addEventListener('keydown', ({ key, timeStamp }) => {
  if (key !== 'Escape') return;
  if (timeStamp - lastEsc < TWICE && document.querySelector('[data-hide]')) hide();
  lastEsc = timeStamp;
});

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-hide]')) { event.preventDefault(); hide(); }
  const from = event.target.closest('[data-lift]') && hiddenFrom();
  if (from) { event.preventDefault(); lift(from); } // without a cookie of ours to read, the server lifts it
});
