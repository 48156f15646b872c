// The outbox: written first, then tried, in the order in which it was written. Only a receipt for its id makes a record "sent".
const createOutbox = ({ store, net, lock, now, changed }) => {
  const NOT_ACCEPTED = [400, 404, 409, 413, 422];
  const change = async (item) => { if (await store.change(item)) changed(); };

  const put = async (item, oldId) => {
    await store.put({ ...item, state: 'waits', tries: 0 }, oldId);
    changed();
  };

  // What became of one attempt: the word to stop with, or nothing when the next one may go.
  const sendOne = async (item, token) => {
    let answer;
    try {
      answer = await net.send(item, token);
    } catch {
      answer = { status: 0 };
    }
    if (answer.stored === item.id) {
      await change({ ...item, sealed: null, state: 'sent', sent: answer.at ?? now(), location: answer.location });
      return null;
    }
    if (answer.status === 401) return 'sign-in';
    if (answer.status === 403) return 'not now';
    // An old token: somebody else may have signed in between the token and the record. A fresh one mends it.
    if (NOT_ACCEPTED.includes(answer.status) && !(answer.status === 400 && item.tries < 2)) {
      await change({ ...item, state: 'asks', status: answer.status });
      return null;
    }
    await change({ ...item, tries: item.tries + 1 });
    return 'later';
  };

  const waiting = async (who) => {
    const items = await store.all();
    return items.filter((item) => item.state === 'waits' && (!who || item.author === who)).sort((a, b) => a.made - b.made);
  };

  const send = async () => {
    if (!(await waiting()).length) return 'empty';
    let known;
    try {
      known = await net.key();
    } catch {
      return 'later';
    }
    if (known.status !== 200) return 'sign-in';
    const tried = new Set();
    let word = 'done';
    for (;;) { // read anew each time: one may have been discarded, or written, while another was on its way
      const item = (await waiting(known.who)).find(({ id }) => !tried.has(id));
      if (!item) return tried.size ? word : 'empty';
      tried.add(item.id);
      const stop = await sendOne(item, known.token);
      if (stop === 'not now') word = 'sign-in'; // one that is refused is kept, and holds up no other
      else if (stop) return stop;
    }
  };

  const drain = async () => {
    try {
      return (await lock(send)) ?? 'busy';
    } catch {
      return 'later'; // the store failed under way: what is in it is tried again
    }
  };

  const list = async (author) => (await store.all()).filter((item) => item.author === author);

  const discard = async (id) => { await store.remove(id); changed(); };

  return { put, drain, list, discard };
};
