// Forms with data-outbox are kept while they are being written. One write at a time; what came meanwhile is written next.
const writing = new WeakMap();
const names = new Set(); // of the fields that have been touched
let letGo;
const restored = new Promise((done) => { letGo = done; }); // what lies on the phone is read before it is written over

const fieldNote = (form, name, at) => {
  const note = form.querySelector('.saved');
  if (!note) return;
  note.textContent = filledIn(note.dataset[name], { clock: clockTime(at) });
  note.hidden = false;
};

// What was said to be kept is not all of it while newer words are on their way.
const keeping = (form, is) => {
  const note = form.querySelector('.saved');
  if (note) note.ariaBusy = is;
};

const saveForm = async (form) => {
  await restored;
  const mine = await author();
  // What the server has opened for its author is not written back to the phone.
  if (!mine || form.dataset.replaces || form.hasAttribute('data-sent')) return;
  fieldNote(form, 'saved', await keepDraft(mine, form));
};

const touched = (form) => {
  const state = writing.get(form) || { busy: false, again: false };
  writing.set(form, state);
  state.again = true;
  if (state.busy) return state.done;
  state.busy = true;
  keeping(form, true);
  state.done = (async () => {
    try {
      while (state.again) { state.again = false; await saveForm(form); }
    } catch {
      sayItKeepsNothing();
    } finally {
      state.busy = false;
      keeping(form, false);
    }
  })();
  return state.done;
};

for (const kind of ['input', 'change']) {
  document.addEventListener(kind, ({ target }) => {
    const form = target.form?.closest('[data-outbox]');
    if (!form) return;
    names.add(target.name);
    touched(form);
  });
}

const restoreForm = async (form) => {
  const mine = await author();
  if (!mine || form.dataset.replaces) return;
  const draft = await draftOf(mine, form);
  if (!draft) return;
  fillForm(form, draft.pairs, (name) => !names.has(name));
  fieldNote(form, 'restored', draft.at);
  form.querySelector('.when :checked')?.dispatchEvent(new Event('change', { bubbles: true }));
};
