// Somebody who types is there, though no page is asked for: the server is told, or a long note would meet the lock.
const AWAKE_EVERY = 4 * 60 * 1000;
let toldAwake = Date.now();
document.addEventListener('input', () => {
  if (!body.who || Date.now() - toldAwake < AWAKE_EVERY) return;
  toldAwake = Date.now();
  fetch('/her', { headers: { 'HX-Request': 'true' } }).catch(() => {}); // without signal the phone keeps it by itself
});
