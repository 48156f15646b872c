// Tries again after one second, then two, up to five minutes, and never gives up. A nudge tries at once.
const createBackOff = ({ attempt, wait, shortest = 1000, longest = 300000 }) => {
  const BUSY = 5000; // another tab sends: look once more when it is done
  let running = null;
  let ladder = 0; // counts nudges, so that an older ladder stops

  const climb = async (mine, delay) => {
    await wait(delay);
    if (mine !== ladder) return;
    const word = await tryOnce();
    if (mine !== ladder) return;
    if (word === 'later') climb(mine, Math.min(delay * 2, longest));
  };

  const tryOnce = () => {
    running ??= attempt().finally(() => { running = null; });
    return running;
  };

  const nudge = async () => {
    ladder += 1;
    const mine = ladder;
    let word = await tryOnce();
    if (mine !== ladder) return word;
    if (word === 'later') climb(mine, shortest);
    if (word === 'busy') climb(mine, BUSY);
    return word;
  };

  return { nudge };
};
