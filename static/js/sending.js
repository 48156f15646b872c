// The way to the server: a fresh token, then the sealed record. No answer within the phone's patience is none.
const sendingOver = (patience) => {
  const ask = (path, options = {}) => fetch(path, {
    ...options, headers: { 'HX-Request': 'true' }, redirect: 'manual', cache: 'no-store', signal: AbortSignal.timeout(patience * 1000),
  });
  return {
    async key() {
      const answer = await ask('/udbakke/noegle');
      if (answer.status === 401) return { status: 401 };
      if (answer.status !== 200) throw new Error('no token');
      return { status: 200, ...await answer.json() };
    },
    async send(item, token) {
      const body = new URLSearchParams({ csrf_token: token, sealed: item.sealed, key: item.key, record: item.id, mentorship: item.mentorship });
      const answer = await ask(item.path, { method: 'POST', body });
      // Only the server's own word counts: a wall in front of the network answers 200 as well.
      const [stored, at] = (answer.headers.get('Stored') || '').split(' ');
      return { status: answer.status, stored: stored || null, at: at ? Date.parse(at) : null, location: answer.headers.get('HX-Redirect') };
    },
  };
};

const alone = (act) => {
  if (!navigator.locks) return act();
  return navigator.locks.request('outbox', { ifAvailable: true }, (lock) => (lock ? act() : undefined));
};

// What one tab or the worker has sent, the other tabs show too.
const otherTabs = 'BroadcastChannel' in self ? new BroadcastChannel('outbox') : null;
const tellOthers = () => otherTabs?.postMessage('changed');
const onChangeElsewhere = (act) => otherTabs?.addEventListener('message', act);
