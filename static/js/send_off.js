// Send: sealed, written to the phone, then tried. Only the server's receipt makes it "sendt".
const LONGEST = 60000; // characters of a sealed record: a form of 64 kB holds no more
const SHORT = 4000; // ms until the page says where it is, while the attempt goes on

const itemOf = async (form, submitter, mine) => {
  const pairs = valuesOf(form, submitter);
  const item = {
    id: valueIn(pairs, 'id'), author: mine, mentorship: valueIn(pairs, 'mentorship'), kind: form.dataset.outbox,
    path: form.getAttribute('action'), on: dayOf(pairs) || today(), key: sealing.number, made: Date.now(), status: null, sent: null, location: null,
  };
  item.mark = await markOf(pairs.filter(([name]) => name !== 'opened'));
  const before = (await outboxStore.all()).find((other) => other.id === item.id);
  if (before && before.mark === item.mark && before.state !== 'asks') return before; // the same once more: a second tap, a second tab
  if (before && before.state !== 'asks' && before.state !== 'draft') {
    item.id = crypto.randomUUID(); // other words under an id that is on its way: a record of its own
    pairs.find(([name]) => name === 'id')[1] = item.id;
  }
  item.sealed = await sealRecord(pairs, sealing.key, item);
  return item;
};

const showKept = (item) => {
  const main = document.getElementById('main');
  main.replaceChildren(document.getElementById('kept').content.cloneNode(true));
  const receipt = main.querySelector('[data-item]');
  receipt.dataset.item = item.id;
  history.replaceState(null, '', '/udbakke');
  const show = async () => {
    const now = (await outboxStore.all()).find((other) => other.id === item.id);
    if (now) showState(receipt, now);
  };
  outboxChanged.addEventListener('change', show);
  show();
  receipt.querySelector('h1').focus();
};

const postDirectly = (form, submitter) => {
  form.setAttribute('data-direct', '');
  sayItKeepsNothing();
  // Later: a form that is being sent cannot be sent.
  wantHypertext().catch(() => {}).finally(() => setTimeout(() => { release(form); form.requestSubmit(submitter); }));
};

const sendOff = async (form, submitter) => {
  const mine = await phoneKeeps && await author();
  if (!mine || !form.elements.mentorship?.value) { postDirectly(form, submitter); return; }
  let item;
  try {
    item = await itemOf(form, submitter, mine);
    if (item.sealed?.length > LONGEST) throw new RangeError('more than the server takes'); // said in the form, where it can be mended
    if (!item.state) await outbox.put(item, form.dataset.replaces);
  } catch {
    postDirectly(form, submitter);
    return;
  }
  form.setAttribute('data-sent', '');
  await writing.get(form)?.done;
  await dropDraft(mine, form).catch(() => {});
  navigator.storage?.persist?.().catch(() => {});
  navigator.serviceWorker?.ready.then((worker) => worker.sync?.register('outbox')).catch(() => {});
  await Promise.race([backOff.nudge(), new Promise((done) => { setTimeout(done, SHORT); })]);
  const now = (await outboxStore.all()).find((other) => other.id === item.id);
  if (now?.state === 'sent') location.assign(now.location || '/');
  else if (now?.state === 'asks') await openAsHeld(now).catch(() => showKept(now));
  else showKept(now || item);
};

document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  if (!form.matches('[data-outbox]:not([data-direct])') || submitter?.name === 'another') return;
  event.preventDefault();
  event.stopImmediatePropagation();
  sendOff(form, submitter).finally(() => release(form));
}, true);
