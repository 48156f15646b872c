// Reminders on this phone: begun by a tap, looked after at every start, ended by a tap.
{
  const LOOKED_AFTER = 24 * 60 * 60 * 1000;
  const able = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
  const place = document.querySelector('[data-reminders]');

  const pushes = async () => (await navigator.serviceWorker.ready).pushManager;
  const subscribed = async () => (able ? (await pushes()).getSubscription() : null);
  const asked = { headers: { 'HX-Request': 'true' }, cache: 'no-store' };

  const ourKey = async () => {
    const answer = await fetch('/mig/enheder/noegle', asked);
    if (!answer.ok) throw new Error('no key');
    return answer.json();
  };

  const tell = async (subscription, number, known) => {
    const { token } = await net.key();
    const { endpoint, keys: { p256dh, auth } } = subscription.toJSON();
    const fields = new URLSearchParams({ csrf_token: token, endpoint, p256dh, auth, number });
    if (known) fields.set('known', '1');
    return fetch('/mig/enheder', { method: 'POST', body: fields, ...asked });
  };

  // Under our newest key; one that another person has left behind on this phone is made anew.
  const remind = async (known) => {
    const push = await pushes();
    const { number, key } = await ourKey();
    const begin = () => push.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
    let subscription = await push.getSubscription();
    const old = subscription && base64url(new Uint8Array(subscription.options.applicationServerKey)) !== key;
    if (old) { await subscription.unsubscribe(); subscription = null; }
    const answer = await tell(subscription ||= await begin(), number, known && !old);
    if (answer.status !== 409) return answer;
    await subscription.unsubscribe();
    return tell(await begin(), number, false);
  };

  const stop = async () => {
    await (await subscribed())?.unsubscribe();
    await keepReminding(null);
  };

  const lookAfter = async () => {
    const kept = await keptReminding();
    if (!kept || !body.who) return;
    if (kept.who !== body.who) { await stop(); return; }
    if (Notification.permission !== 'granted') return;
    const lost = kept.out || !(await subscribed()); // browsers drop one now and then
    if (!lost && kept.at > Date.now() - LOOKED_AFTER) return;
    const answer = await remind(!lost);
    if (answer.ok) await keepReminding({ who: body.who, at: Date.now() });
    else if (answer.status === 404) await stop(); // taken off the list elsewhere
  };

  const stateHere = async () => {
    if (!able) return /iPhone|iPad|iPod/.test(navigator.userAgent) ? 'install' : 'none';
    if (Notification.permission === 'denied') return 'denied';
    return (await subscribed()) && (await keptReminding())?.who === body.who ? 'on' : 'off';
  };

  const show = async () => {
    place.dataset.is = await stateHere();
    for (const part of place.querySelectorAll('[data-when]')) part.hidden = part.dataset.when !== place.dataset.is;
  };

  const begin = async () => {
    const sentence = place.querySelector('[data-sentence]');
    sentence.hidden = true;
    if (await Notification.requestPermission() === 'granted') {
      const answer = await remind(false);
      if (answer.ok) {
        await keepReminding({ who: body.who, at: Date.now() });
        location.reload(); // the list of devices
        return;
      }
      sentence.textContent = await answer.text();
      sentence.hidden = false;
    }
    await show();
  };

  const failed = () => {
    const sentence = place.querySelector('[data-sentence]');
    sentence.textContent = place.dataset.failed;
    sentence.hidden = false;
  };

  place?.querySelector('[data-act="on"]').addEventListener('click', () => begin().catch(failed));
  place?.querySelector('[data-act="off"]').addEventListener('click', async () => {
    await stop().catch(() => {});
    const here = document.querySelector('form[data-here]');
    if (here) here.requestSubmit();
    else await show();
  });
  navigator.clearAppBadge?.().catch(() => {});
  (able ? lookAfter() : Promise.resolve()).catch(() => {}).then(() => place && show()).catch(() => {});
}
