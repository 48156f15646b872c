// What waits is seen on every page, and line by line in the outbox. Only its author's; never a word of it.
const KEPT_IN_SIGHT = 24 * 60 * 60 * 1000; // how long a sent one stays in the list

const showState = (place, item) => {
  const words = [...place.querySelectorAll('[data-state]')];
  const state = item.state === 'waits' && lastWord === 'sign-in' && words.some((one) => one.dataset.out) ? 'out' : item.state;
  const at = item.sent || item.made;
  const clock = new Date(at).toDateString() === new Date().toDateString() ? clockTime(at) : `${clockTime(at)}, ${dayWords(at)}`;
  for (const one of words) one.textContent = filledIn(one.dataset[state], { clock });
  place.dataset.is = item.state;
  for (const part of place.querySelectorAll('[data-when]')) part.hidden = !part.dataset.when.split(' ').includes(state);
  const link = place.querySelector('a[data-when="sent"]');
  if (link && item.location) link.href = item.location;
};

const dayWords = (day) => new Date(day).toLocaleDateString(document.documentElement.lang, { weekday: 'long', day: 'numeric', month: 'short' });

const rowOf = (item, row) => {
  row.dataset.item = item.id;
  const what = row.querySelector('[data-kind]');
  what.textContent = filledIn(what.dataset[item.kind], { day: dayWords(`${item.on}T12:00:00`) });
  showState(row, item);
  row.querySelector('[data-act="open"]').addEventListener('click', () => openAsHeld(item).catch(() => backOff.nudge()));
  row.querySelector('[data-act="again"]').addEventListener('click', () => backOff.nudge());
  const sure = row.querySelector('[data-sure]');
  row.querySelector('[data-act="discard"]').addEventListener('click', () => { sure.hidden = false; sure.querySelector('button').focus(); });
  row.querySelector('[data-act="keep"]').addEventListener('click', () => { sure.hidden = true; });
  row.querySelector('[data-act="really"]').addEventListener('click', () => outbox.discard(item.id));
  return row;
};

const showWaiting = async () => {
  const mine = await author();
  const items = mine ? await outbox.list(mine) : [];
  const open = items.filter((item) => item.state !== 'sent');
  for (const counter of document.querySelectorAll('[data-counter]')) {
    counter.hidden = !open.length;
    counter.textContent = filledIn(open.length === 1 ? counter.dataset.one : counter.dataset.many, { n: open.length });
  }
  for (const field of document.querySelectorAll('form[action="/log-ud"] [name="empty"]')) {
    // Of anybody: what another has waiting here is not cleared either.
    const waits = (await outboxStore.all()).some((item) => item.state !== 'sent');
    field.value = waits || (await inStore((database) => database.count('drafts'))) ? '' : '1';
  }
  const list = document.querySelector('[data-outbox-list]');
  if (!list) return;
  const template = document.getElementById('outbox-row');
  list.replaceChildren(...items.sort((a, b) => b.made - a.made).map((item) => rowOf(item, template.content.firstElementChild.cloneNode(true))));
  document.querySelector('[data-outbox-empty]').hidden = items.length > 0;
  document.querySelector('[data-outbox-out]').hidden = Boolean(mine);
};

const forgetSent = async (after = KEPT_IN_SIGHT) => {
  for (const item of await outboxStore.all()) {
    if (item.state === 'sent' && item.sent <= Date.now() - after) await outboxStore.remove(item.id);
  }
};
