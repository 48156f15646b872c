// Nothing that was sent off is lost, doubled, or called sent before it is: random journeys, drawn from a seed.
const { test } = require('node:test');
const assert = require('node:assert');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const SOURCE = readFileSync(join(__dirname, '..', '..', 'static', 'js', 'outbox.js'), 'utf8');
const SEED = Number(process.env.OUTBOX_SEED ?? Math.floor(Math.random() * 2 ** 31));
const JOURNEYS = 10000;
const PEOPLE = ['anna', 'bo'];
const REFUSED = [400, 404, 409, 413, 422];

const coreOf = (source) => vm.runInContext(`${source};createOutbox`, vm.createContext({}));

const drawing = (seed) => {
  let state = seed | 0;
  const draw = () => {
    state = (state + 0x6D2B79F5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return { chance: (likely) => draw() < likely, below: (n) => Math.floor(draw() * n), of: (list) => list[Math.floor(draw() * list.length)] };
};

// Everything that was promised has run as far as it can.
const settled = () => new Promise((done) => { setImmediate(done); });

// One phone and one server. Each call waits to take effect, and its answer waits once more, in any order that can happen.
const worldOf = (createOutbox, seed) => {
  const any = drawing(seed);
  const weather = { store: any.of([0, 0.05, 0.2]), net: any.of([0.1, 0.4, 0.8]) };
  const kept = new Map(); // the phone's store
  const server = new Map(); // id: what it says
  const written = new Map(); // id: what its author did with it
  const refused = new Set();
  const faults = new Set();
  let calls = [];
  let signedIn = any.of(PEOPLE);
  let clock = 0;
  let holder = null;
  let calm = false;

  const later = (life, kind, effect) => new Promise((resolve, reject) => { calls.push({ life, kind, effect, resolve, reject }); });
  const fault = (sentence) => faults.add(sentence);

  const inStore = (life, act) => {
    const how = calm || !any.chance(weather.store) ? 'works' : any.of(['fails', 'works, but says that it failed']);
    return later(life, 'store', () => {
      if (how === 'fails') throw new Error('the store failed');
      const result = act();
      if (how !== 'works') throw new Error('the store failed');
      return result;
    });
  };

  const storeOf = (life) => ({
    all: () => inStore(life, () => [...kept.values()].map((item) => ({ ...item }))),
    put: (item, oldId) => inStore(life, () => {
      if (oldId) kept.delete(oldId);
      kept.set(item.id, { ...item });
    }),
    change: (item) => inStore(life, () => {
      if (item.state === 'sent' && !server.has(item.id)) fault('called sent, but the server has it not');
      if (item.state === 'sent' && item.sealed !== null) fault('sent, but its words stay on the phone');
      if (item.state === 'asks' && !refused.has(item.id)) fault('asks, but nobody refused it');
      if (!kept.has(item.id)) return false;
      kept.set(item.id, { ...item });
      return true;
    }),
    remove: (id) => inStore(life, () => { kept.delete(id); }),
  });

  const serverTakes = (item, token, answer) => {
    const receipt = { status: 200, stored: item.id, at: 5, location: '/kvittering' };
    if (answer === 'no way') throw new Error('no answer');
    if (answer === 'a wall') return { status: 200, stored: null, at: null, location: null };
    if (answer === 'a receipt for another') return { status: 200, stored: 'another', at: 5, location: null };
    if ([303, 401, 403, 429, 500, 503].includes(answer)) return { status: answer, stored: null, at: null, location: null };
    if (signedIn !== item.author || token !== `token of ${signedIn}`) return { status: signedIn ? 403 : 401, stored: null };
    if (!server.has(item.id)) {
      if (refused.has(item.id) || REFUSED.includes(answer)) { refused.add(item.id); return { status: REFUSED.includes(answer) ? answer : 422, stored: null }; } // the same words, the same no
      server.set(item.id, item.sealed);
    }
    if (answer === 'lost on the way back') throw new Error('no answer');
    if (answer === 'kept, then failed') return { status: 500, stored: null };
    return receipt;
  };
  const BAD = ['no way', 'a wall', 'a receipt for another', 'lost on the way back', 'kept, then failed', 303, 401, 403, 429, 500, 503, ...REFUSED];

  const netOf = (life) => ({
    key: () => {
      const fails = !calm && any.chance(weather.net / 2);
      return later(life, 'net', () => {
        if (fails) throw new Error('no answer');
        return signedIn ? { status: 200, who: signedIn, token: `token of ${signedIn}` } : { status: 401 };
      });
    },
    send: (item, token) => {
      if (life.onItsWay) fault('two on their way at once');
      if (holder !== life) fault('sent without the lock');
      if (token !== `token of ${item.author}`) fault("sent with another's token");
      if (item.state !== 'waits') fault(`sent, but its state is ${item.state}`);
      const answer = !calm && any.chance(weather.net) ? any.of(BAD) : 'ok';
      life.onItsWay = true;
      return later(life, 'net', () => serverTakes(item, token, answer)).finally(() => { life.onItsWay = false; });
    },
  });

  const lockOf = (life) => async (act) => {
    await later(life, 'lock', () => {});
    if (holder) return undefined;
    holder = life;
    try { return await act(); } finally { if (holder === life) holder = null; }
  };

  const opened = () => {
    const life = { dead: false, onItsWay: false };
    life.outbox = createOutbox({ store: storeOf(life), net: netOf(life), lock: lockOf(life), now: () => clock, changed: () => {} });
    return life;
  };
  const tabs = [opened(), opened()];

  // The tab is gone: nothing of it goes on, but what had left the phone may still arrive, and a write may still land.
  const crash = (n) => {
    const life = tabs[n];
    life.dead = true;
    if (holder === life) holder = null;
    calls = calls.filter((call) => call.life !== life || (!call.done && any.chance(0.5)));
    for (const call of calls) if (call.life === life && call.kind === 'store') take(call); // what the store began before, it ends first
    calls = calls.filter((call) => call.life !== life || !call.done);
    tabs[n] = opened();
  };

  const take = (call) => {
    call.done = true;
    try { const result = call.effect(); call.answer = () => call.resolve(result); } catch (error) { call.answer = () => call.reject(error); }
  };

  const step = async () => {
    let call = any.of(calls);
    if (call.kind === 'store' && !call.done) call = calls.find((other) => other.kind === 'store' && !other.done); // in the order asked
    if (!call.done) take(call);
    else call.answered = true;
    if (call.life.dead || call.answered || any.chance(0.7)) {
      calls = calls.filter((other) => other !== call);
      if (!call.life.dead) { call.answer(); await settled(); }
    }
  };
  const rest = async () => { while (calls.length) await step(); };

  const write = (life, author, old) => {
    clock += any.below(3);
    const id = `item ${written.size}`;
    const said = { id, author, words: `words of ${id}`, kept: false, gone: false };
    written.set(id, said);
    if (old) { old.gone = true; said.instead = old; }
    life.outbox.put({ id, author, sealed: said.words, made: clock }, old?.id).then(() => { said.kept = true; }, () => {});
  };

  const act = async () => {
    const life = any.of(tabs);
    const mine = [...written.values()].filter((said) => said.author === signedIn && said.kept && !said.gone);
    const old = mine.find(({ id }) => kept.get(id)?.state === 'asks');
    const turn = any.below(100);
    if (old && any.chance(0.3)) write(life, signedIn, old);
    else if (turn < 32) { if (signedIn) write(life, signedIn); }
    else if (turn < 66) life.outbox.drain().then((word) => {
      if (!['empty', 'done', 'later', 'sign-in', 'busy'].includes(word)) fault(`drain says ${word}`);
    }, () => fault('drain threw'));
    else if (turn < 75) crash(any.below(2));
    else if (turn < 83) signedIn = any.of([...PEOPLE, null]);
    else if (turn < 88 && mine.length) { const said = any.of(mine); said.gone = true; life.outbox.discard(said.id).then(() => { said.discarded = true; }, () => {}); }
    else if (turn < 91 && signedIn) kept.set(`draft ${clock}`, { id: `draft ${clock}`, author: signedIn, sealed: 'a draft', made: clock, state: 'draft', tries: 0 });
    else {
      const author = any.of(PEOPLE);
      life.outbox.list(author).then((items) => { if (items.some((item) => item.author !== author)) fault("shows another's"); }, () => {});
    }
    await settled();
  };

  const journey = async () => {
    for (let left = 4 + any.below(12); left; left -= 1) {
      await act();
      for (let steps = any.below(8); steps && calls.length; steps -= 1) await step();
    }
    if (any.chance(0.5)) { crash(0); crash(1); }
    await rest();
  };

  const allWellAgain = async () => {
    calm = true;
    await rest();
    for (const person of PEOPLE) {
      signedIn = person;
      let word = null;
      any.of(tabs).outbox.drain().then((said) => { word = said; }, () => fault('drain threw'));
      await rest();
      if (!['done', 'empty'].includes(word)) fault(`all is well, but drain says ${word}`);
    }
  };

  const check = () => {
    const times = (words) => [...server.values()].filter((other) => other === words).length;
    const isKept = (said) => kept.has(said.id) || times(said.words) === 1;
    for (const said of written.values()) {
      const item = kept.get(said.id);
      if (times(said.words) > 1) fault('doubled');
      if (said.discarded && item) fault('discarded, and came back');
      if (item?.state === 'waits') fault('waits, though all is well');
      if (item?.state === 'sent' && !server.has(said.id)) fault('called sent, but the server has it not');
      if (said.kept && !said.gone && item?.state !== 'asks' && times(said.words) !== 1) fault('lost');
      if (item?.state === 'asks' && server.has(said.id)) fault('asks, though the server has it');
      if (said.instead?.kept && !isKept(said) && !said.gone && !isKept(said.instead)) fault('lost between the old one and the new one');
    }
    for (const words of server.values()) if (![...written.values()].some((said) => said.words === words)) fault('the server has what nobody sent off');
  };

  return { async faults() { await journey(); await allWellAgain(); check(); return [...faults]; }, sent: server, refused };
};

const walk = async (createOutbox, journeys, seed = SEED) => {
  const seen = { sent: 0, refused: 0 };
  for (let n = 0; n < journeys; n += 1) {
    const world = worldOf(createOutbox, seed + n);
    const faults = await world.faults();
    if (faults.length) return { ...seen, faults, sentence: `OUTBOX_SEED=${seed + n}: ${faults.join('; ')}` };
    seen.sent += world.sent.size;
    seen.refused += world.refused.size;
  }
  return { ...seen, faults: [], sentence: '' };
};

test(`${JOURNEYS} journeys: nothing lost, nothing doubled, nothing called sent that is not`, async (t) => {
  const seen = await walk(coreOf(SOURCE), JOURNEYS);
  assert.equal(seen.sentence, '');
  t.diagnostic(`seed ${SEED}: ${seen.sent} sent, ${seen.refused} refused`);
  assert.ok(seen.sent > JOURNEYS && seen.refused > JOURNEYS / 50, 'the journeys go somewhere');
});

// The journeys find what is wrong: each of these is the outbox with one fault in it.
const BROKEN = {
  'any 200 is a receipt': [['answer.stored === item.id', 'answer.status === 200'], 'called sent, but the server has it not'],
  'any receipt is its own': [['answer.stored === item.id', 'answer.stored'], 'called sent, but the server has it not'],
  'no answer is a receipt': [['answer = { status: 0 };', 'answer = { stored: item.id };'], 'called sent, but the server has it not'],
  'deletes before it sends': [['let answer;', 'let answer; await store.remove(item.id);'], 'lost'],
  'deletes the old one first': [['await store.put({ ...item, state', 'if (oldId) await store.remove(oldId); await store.put({ ...item, state'], 'lost between the old one and the new one'],
  'sends for anybody': [['(!who || item.author === who)', 'true'], "sent with another's token"],
  'shows everybody': [['filter((item) => item.author === author)', 'filter(() => author)'], "shows another's"],
  'a new id for each try': [['net.send(item, token)', 'net.send({ ...item, id: `${item.id} ${item.tries}` }, token)'], 'doubled'],
  'forgets the words of a failed one': [['tries: item.tries + 1 }', 'tries: item.tries + 1, sealed: null }'], 'lost'],
  'keeps the words of a sent one': [['sealed: null, ', ''], 'sent, but its words stay on the phone'],
  'gives up at a failing server': [['413, 422]', '413, 422, 500, 503]'], 'asks, but nobody refused it'],
  'gives up when signed out': [['413, 422]', '413, 422, 401, 403]', "if (answer.status === 401) return 'sign-in';", '', "if (answer.status === 403) return 'not now';", ''], 'asks, but nobody refused it'],
  'does not take the lock': [['await lock(send)', 'await send()'], 'sent without the lock'],
  'sends drafts as well': [["item.state === 'waits'", "item.state !== 'sent'"], 'sent, but its state is draft'],
  'brings back what was discarded': [['await store.change(item)', '(await store.put(item), true)'], 'discarded, and came back'],
  'throws when the store fails': [["return 'later'; // the store", "throw new Error('failed'); // the store"], 'drain threw'],
};

for (const [name, [swaps, expected]] of Object.entries(BROKEN)) {
  test(`found: ${name}`, async () => {
    let source = SOURCE;
    for (let n = 0; n < swaps.length; n += 2) {
      assert.ok(source.includes(swaps[n]), `the outbox no longer says ${swaps[n]}`);
      source = source.replace(swaps[n], () => swaps[n + 1]);
    }
    const createOutbox = coreOf(source);
    const found = new Set();
    for (let n = 0; n < 5000 && !found.has(expected); n += 1) {
      for (const fault of (await walk(createOutbox, 1, SEED + n)).faults) found.add(fault);
    }
    assert.ok(found.has(expected), `OUTBOX_SEED=${SEED}: found only ${[...found].join('; ') || 'nothing'}`);
  });
}

// A phone where nothing fails, to see the words and the order.
const phoneWith = (answers, { who = 'anna' } = {}) => {
  const kept = new Map();
  const sent = [];
  const store = {
    async all() { return [...kept.values()]; },
    async put(item, oldId) { kept.delete(oldId); kept.set(item.id, item); },
    async change(item) { return kept.has(item.id) && Boolean(kept.set(item.id, item)); },
    async remove(id) { kept.delete(id); },
  };
  const net = {
    async key() { return who ? { status: 200, who, token: 't' } : { status: 401 }; },
    async send(item) {
      sent.push(item.id);
      const answer = answers[item.id] ?? 200;
      if (typeof answer === 'function') return answer(item);
      return { status: answer, stored: answer === 200 ? item.id : null, at: 7, location: '/k' };
    },
  };
  const outbox = coreOf(SOURCE)({ store, net, lock: (act) => act(), now: () => 1, changed() {} });
  const put = (id, made, author = 'anna') => outbox.put({ id, author, made, sealed: 'words' });
  return { outbox, kept, sent, put };
};

test('the oldest goes first, a refused one does not hold up the next, a failing server does', async () => {
  const phone = phoneWith({ b: 422, c: 503 });
  for (const [id, made] of [['d', 4], ['c', 3], ['a', 1], ['b', 2]]) await phone.put(id, made);
  assert.equal(await phone.outbox.drain(), 'later');
  assert.deepEqual(phone.sent, ['a', 'b', 'c']);
  assert.deepEqual([...phone.kept.values()].map(({ id, state, tries }) => `${id} ${state} ${tries}`).sort(), ['a sent 0', 'b asks 0', 'c waits 1', 'd waits 0']);
  assert.equal(phone.kept.get('b').status, 422);
});

test('signed out, or refused at the door, is "sign-in", and it waits', async () => {
  for (const phone of [phoneWith({}, { who: null }), phoneWith({ a: 401 }), phoneWith({ a: 403 })]) {
    await phone.put('a', 1);
    assert.equal(await phone.outbox.drain(), 'sign-in');
    assert.equal(phone.kept.get('a').state, 'waits');
  }
});

test('one that is refused at the door holds up no other', async () => {
  const phone = phoneWith({ a: 403 });
  for (const [n, id] of ['a', 'b'].entries()) await phone.put(id, n);
  assert.equal(await phone.outbox.drain(), 'sign-in');
  assert.deepEqual(['a', 'b'].map((id) => phone.kept.get(id).state), ['waits', 'sent']);
});

test("nothing to send is \"empty\", another's is as nothing", async () => {
  const phone = phoneWith({});
  assert.equal(await phone.outbox.drain(), 'empty');
  await phone.put('a', 1, 'bo');
  assert.equal(await phone.outbox.drain(), 'empty');
  assert.deepEqual(phone.sent, []);
});

test('what is written while another is on its way goes with it', async () => {
  const phone = phoneWith({ a: async () => { await phone.put('b', 2); return { status: 200, stored: 'a', at: 7 }; } });
  await phone.put('a', 1);
  assert.equal(await phone.outbox.drain(), 'done');
  assert.deepEqual(phone.sent, ['a', 'b']);
});

test('what is discarded while it is on its way does not come back', async () => {
  for (const status of [200, 422, 503]) {
    const phone = phoneWith({ a: async () => { await phone.outbox.discard('a'); return { status, stored: status === 200 ? 'a' : null }; } });
    await phone.put('a', 1);
    await phone.outbox.drain();
    assert.equal(phone.kept.size, 0);
  }
});
