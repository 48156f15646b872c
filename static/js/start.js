// Every page begins so: forget what is not this person's, fill in what is, send what waits, and keep the shell at hand.
const settleIn = async () => {
  if ('signedOut' in body) {
    await sealDrafts(null, sealing);
    await dropFacts();
    await forgetSent(0);
    await dropTyped();
    const reminding = await keptReminding();
    if (reminding) await keepReminding({ ...reminding, out: true });
    return;
  }
  if ('lent' in body) { // a participant holds the phone: what its owner has here is locked away
    await sealDrafts(null, sealing);
    await dropFacts();
    await dropTyped();
    return;
  }
  await settleLock();
  if (!body.who) return;
  const facts = await inStore((database) => database.get('facts', 'me'));
  if (facts && facts.who !== body.who) await dropFacts();
  await sealDrafts(body.who, sealing);
};

const keepShell = async () => {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(scriptAt('/sw.js'), { updateViaCache: 'none' });
};

const start = async () => {
  if (!(await phoneKeeps)) { sayItKeepsNothing(); return; }
  await settleIn();
  await dropOldDrafts();
  if ('shell' in body) await fillShell();
  for (const form of document.querySelectorAll('form[data-outbox]')) await restoreForm(form);
  await takeBackKept();
  await takeBackTyped();
  letGo();
  document.documentElement.dataset.ready = 'yes';
  outboxChanged.addEventListener('change', showWaiting);
  await forgetSent();
  await showWaiting();
  if (!('signedOut' in body)) backOff.nudge();
  if (body.facts === 'mentor') await refreshFacts(body.who);
};

// A page that came back with something to mend: begin there.
document.querySelector('main .error-summary')?.focus();
start().catch(sayItKeepsNothing).finally(letGo);
keepShell().catch(() => {}); // a private window may refuse: then there is no form without signal, and nothing else is lost
window.addEventListener('online', () => backOff.nudge());
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') backOff.nudge(); });
navigator.serviceWorker?.addEventListener('message', ({ data }) => { if (data === 'drain') backOff.nudge(); });
