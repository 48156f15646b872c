// What this phone keeps of us, all of it unreadable to others: drafts, the outbox, and the few facts that the form needs.
const STORES = { drafts: 'key', outbox: 'id', facts: 'key' };
let openedStore;

const phoneStore = () => {
  openedStore ??= idb.openDB('primus', 1, {
    upgrade(database) {
      for (const [name, keyPath] of Object.entries(STORES)) database.createObjectStore(name, { keyPath });
    },
    terminated() { openedStore = undefined; },
  }).catch((error) => { openedStore = undefined; throw error; });
  return openedStore;
};

// The system may close the store at any time: open it once more before giving up.
const inStore = async (act) => {
  try {
    return await act(await phoneStore());
  } catch (error) {
    if (error.name !== 'InvalidStateError') throw error;
    openedStore = undefined;
    return act(await phoneStore());
  }
};

// What has been sent off by its author must be on the disk, not only on its way there.
const STRICT = { durability: 'strict' };

const outboxStore = {
  all: () => inStore((database) => database.getAll('outbox')),
  put: (item, oldId) => inStore(async (database) => {
    const change = database.transaction('outbox', 'readwrite', STRICT);
    if (oldId && oldId !== item.id) change.store.delete(oldId);
    change.store.put(item);
    await change.done;
  }),
  // Only what is still there: one that was discarded meanwhile stays away. Whether it was.
  change: (item) => inStore(async (database) => {
    const change = database.transaction('outbox', 'readwrite', STRICT);
    const before = await change.store.get(item.id);
    if (before) change.store.put(item);
    await change.done;
    return Boolean(before);
  }),
  remove: (id) => inStore((database) => database.delete('outbox', id)),
};
