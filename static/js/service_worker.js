// Keeps the shell of the app at hand: pages without a word about anybody, and their files. It touches only GET.
const kept = () => caches.open(`shell-${SHELL.build}`);

const fill = async () => {
  const cache = await kept();
  await cache.addAll([...SHELL.pages, ...SHELL.files]);
};

const clearOld = async () => {
  for (const name of await caches.keys()) if (name !== `shell-${SHELL.build}`) await caches.delete(name);
  await self.clients.claim();
};

const found = async (path) => (await kept()).match(path, { ignoreVary: true });

const shellOf = async (path) => {
  const name = SHELL.instead[path] || (path.startsWith('/regler') ? 'regler' : 'uden-signal');
  return (await found(`/skal/${SHELL.language}/${name}`)) || Response.error();
};

// A form opens from the shell when the server is slow, and when it fails; other pages wait for the server's own word.
const page = async (request) => {
  const { pathname } = new URL(request.url);
  if (pathname === SHELL.hidden) return (await shellOf(pathname).catch(() => null)) || fetch(request); // at once, whatever the signal
  const waits = pathname in SHELL.instead;
  const answer = fetch(request);
  const late = new Promise((_, reject) => { if (waits) setTimeout(reject, SHELL.patience * 1000); });
  try {
    const first = await (navigator.onLine ? Promise.race([answer, late]) : answer);
    if (waits && first.status >= 500) return shellOf(pathname);
    return first;
  } catch {
    answer.catch(() => {});
    return shellOf(pathname);
  }
};

const file = async (request) => (await found(new URL(request.url).pathname)) || fetch(request);

self.addEventListener('install', (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(clearOld()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (url.pathname.startsWith('/static/') || SHELL.files.includes(url.pathname)) event.respondWith(file(request));
});

// The browser says that there is signal: an open page sends, and without one the worker does, by the same outbox.
const drain = async () => {
  const [page] = await self.clients.matchAll({ type: 'window' });
  if (page) { page.postMessage('drain'); return; }
  const net = sendingOver(SHELL.longest);
  const word = await createOutbox({ store: outboxStore, net, lock: alone, now: () => Date.now(), changed: tellOthers }).drain();
  if (word !== 'done' && word !== 'empty') throw new Error(word); // the browser asks again
};

// Always something to see, whatever came: a browser takes the right away from who is silent. Never more than a fixed sentence.
const notify = async (message) => {
  const { title = SHELL.title, body = SHELL.something, tag, navigate = '/' } = message;
  const { pathname } = new URL(navigate, location.origin);
  await self.registration.showNotification(title, { body, tag, lang: 'da', icon: SHELL.icon, badge: SHELL.icon, data: pathname });
  await self.navigator.setAppBadge?.(1).catch(() => {});
  if (pathname.startsWith('/p/')) await fetch(`${pathname}/vist`, { method: 'POST', keepalive: true }).catch(() => {});
};

const messageOf = (data) => {
  try { return data.json().notification || {}; } catch { return {}; }
};

// One tap to the form: in the window that is open already, else in a new one.
const open = async (pathname) => {
  const [page] = await self.clients.matchAll({ type: 'window' });
  if (!page) { await self.clients.openWindow(pathname); return; }
  await page.focus().catch(() => {});
  await page.navigate(pathname).catch(() => self.clients.openWindow(pathname));
};

self.addEventListener('push', (event) => event.waitUntil(notify(messageOf(event.data))));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data || '/'));
});
self.addEventListener('sync', (event) => { if (event.tag === 'outbox') event.waitUntil(drain()); });
