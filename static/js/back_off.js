// Tries again after one second, then two, up to five minutes, and never gives up. A nudge tries at once.
const createBackOff = ({ attempt, wait, shortest = 1000, longest = 300000 }) => {
  const BUSY = 5000; // another tab sends, and may be stopped meanwhile: look again until it is done
  let running = null;
  let ladder = 0; // counts nudges, so that an older ladder stops

  const tryOnce = () => {
    running ??= attempt().finally(() => { running = null; });
    return running;
  };

  const climb = async (mine, delay, next) => {
    await wait(delay);
    if (mine === ladder) goOn(mine, await tryOnce(), next);
  };

  const goOn = (mine, word, delay) => {
    if (mine !== ladder) return;
    if (word === 'later') climb(mine, delay, Math.min(delay * 2, longest));
    if (word === 'busy') climb(mine, BUSY, delay);
  };

  const nudge = async () => {
    ladder += 1;
    const mine = ladder;
    if (running) await running; // it may have looked before this one was written
    const word = await tryOnce();
    goOn(mine, word, shortest);
    return word;
  };

  return { nudge };
};
