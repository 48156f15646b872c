// A form from the shell knows nobody: it is filled in with the few facts that the phone keeps for whoever is signed in here.
const nameIn = (form, word, name) => {
  const walk = document.createTreeWalker(form, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replaceAll(word, name);
};

const putWeeks = (form, weeks) => {
  const place = form.querySelector('[data-weeks]');
  if (!place) return;
  const chip = place.querySelector('template').content;
  place.append(...weeks.map(({ code, number, monday }) => {
    const made = chip.cloneNode(true);
    made.querySelector('input').value = code;
    made.querySelector('[data-number]').textContent = number;
    made.querySelector('small').textContent = new Date(`${monday}T12:00:00`).toLocaleDateString(document.documentElement.lang, { day: 'numeric', month: 'short' });
    return made;
  }));
};

const fillShell = async () => {
  const form = document.querySelector('form[data-shell]');
  const facts = await keptFacts();
  const call = document.querySelector('[data-call]');
  if (call && facts?.leader?.phone) {
    call.href = `tel:${facts.leader.phone.replace(/\s/g, '')}`;
    call.querySelector('bdi').textContent = facts.leader.name;
    call.hidden = false;
  }
  if (!form) return;
  form.hidden = !facts?.mentorship;
  document.querySelector('[data-no-facts]').hidden = Boolean(facts?.mentorship);
  if (!facts?.mentorship) return;
  const { elements } = form;
  elements.id.value = crypto.randomUUID();
  elements.mentorship.value = facts.mentorship;
  if (elements.opened) elements.opened.value = today();
  if (elements.date) Object.assign(elements.date, { max: today(), min: facts.earliest });
  if (elements.next_date) elements.next_date.min = today();
  for (const place of form.querySelectorAll('[name="place"]')) place.checked = place.value === facts.place;
  form.querySelector(`[name="relation"][value="${facts.last_relation}"]`)?.closest('label').classList.add('before');
  if (facts.co) nameIn(form, form.dataset.shell, facts.co);
  else if (elements.co_mentor) elements.co_mentor.closest('label').hidden = true; // nobody sits in the other seat
  putWeeks(form, facts.weeks || []);
  const note = form.querySelector('[data-logged]');
  if (note) form.addEventListener('change', () => { note.hidden = !facts.logged.includes(dayOf(valuesOf(form))); });
};
