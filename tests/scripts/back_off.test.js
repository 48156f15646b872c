// How long the phone waits before it tries again, told by a clock that is wound by hand.
const { test } = require('node:test');
const assert = require('node:assert');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const source = readFileSync(join(__dirname, '..', '..', 'static', 'js', 'back_off.js'), 'utf8');
const createBackOff = vm.runInContext(`${source};createBackOff`, vm.createContext({}));
const settled = () => new Promise((done) => { setImmediate(done); });

const climbing = (words) => {
  const waits = [];
  const seen = { attempts: 0, atOnce: 0, most: 0 };
  const backOff = createBackOff({
    wait: (ms) => new Promise((done) => { waits.push({ ms, done }); }),
    async attempt() {
      seen.attempts += 1;
      seen.atOnce += 1;
      seen.most = Math.max(seen.most, seen.atOnce);
      await settled();
      seen.atOnce -= 1;
      return words.length > 1 ? words.shift() : words[0];
    },
  });
  const pass = async (n) => { waits[n].done(); for (let turns = 0; turns < 5; turns += 1) await settled(); };
  return { backOff, waits, seen, pass, delays: () => waits.map(({ ms }) => ms) };
};

test('one second, then twice as long, up to five minutes, for ever', async () => {
  const phone = climbing(['later']);
  assert.equal(await phone.backOff.nudge(), 'later');
  for (let n = 0; n < 30; n += 1) await phone.pass(n);
  assert.deepEqual(phone.delays().slice(0, 11), [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((s) => s * 1000));
  assert.equal(phone.seen.attempts, 31);
  assert.equal(phone.waits.length, 31);
});

test('a nudge tries at once and begins the ladder anew; the old one stops', async () => {
  const phone = climbing(['later']);
  await phone.backOff.nudge();
  await phone.pass(0);
  await phone.backOff.nudge();
  assert.deepEqual(phone.delays(), [1000, 2000, 1000]);
  const before = phone.seen.attempts;
  await phone.pass(1);
  assert.equal(phone.seen.attempts, before);
  await phone.pass(2);
  assert.deepEqual(phone.delays(), [1000, 2000, 1000, 2000]);
});

for (const word of ['done', 'empty', 'sign-in']) {
  test(`"${word}" stops until nudged`, async () => {
    const phone = climbing(['later', word]);
    await phone.backOff.nudge();
    await phone.pass(0);
    assert.deepEqual(phone.delays(), [1000]);
    assert.equal(await phone.backOff.nudge(), word);
    assert.equal(phone.seen.attempts, 3);
  });
}

test('"busy" is looked at again every five seconds, until the other tab is done', async () => {
  const phone = climbing(['busy', 'busy', 'busy', 'empty']);
  await phone.backOff.nudge();
  for (let n = 0; n < 3; n += 1) await phone.pass(n);
  assert.deepEqual(phone.delays(), [5000, 5000, 5000]);
  assert.equal(phone.seen.attempts, 4);
});

test('"busy" on the way up does not end the climb', async () => {
  const phone = climbing(['later', 'busy', 'later', 'done']);
  await phone.backOff.nudge();
  for (let n = 0; n < 3; n += 1) await phone.pass(n);
  assert.deepEqual(phone.delays(), [1000, 5000, 2000]);
});

test('never two at a time; nudges under way share one more attempt, since the first may have looked too early', async () => {
  const phone = climbing(['done']);
  await Promise.all([phone.backOff.nudge(), phone.backOff.nudge(), phone.backOff.nudge()]);
  assert.equal(phone.seen.most, 1);
  assert.equal(phone.seen.attempts, 2);
});
