// A form's answers as pairs, and back into the form again: every kind of control that our forms have.
const OF_THE_PAGE = new Set(['csrf_token', 'id', 'mentorship', 'opened', 'join', 'apart']);

const valuesOf = (form, submitter) => {
  const pairs = [...new FormData(form)];
  if (submitter?.name) pairs.push([submitter.name, submitter.value]);
  return pairs.filter(([name]) => name !== 'csrf_token');
};

const valueIn = (pairs, name) => pairs.find(([given]) => given === name)?.[1] ?? '';

const dayBefore = (day) => {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
};

// The day that the answers are about.
const dayOf = (pairs) => {
  const [when, opened] = [valueIn(pairs, 'when'), valueIn(pairs, 'opened')];
  if (when === 'yesterday') return dayBefore(opened);
  if (when === 'other' || (!when && valueIn(pairs, 'date'))) return valueIn(pairs, 'date') || opened;
  return opened;
};

// "I dag" meant the day it was written on: on a later day it becomes that date.
const meantThen = (pairs, opened) => {
  if (!valueIn(pairs, 'when') || !opened || valueIn(pairs, 'opened') === opened) return pairs;
  const others = pairs.filter(([name]) => name !== 'when' && name !== 'date');
  return [...others, ['when', 'other'], ['date', dayOf(pairs)]];
};

// What has been touched already is the newer word.
const fillForm = (form, given, untouched = () => true) => {
  const pairs = meantThen(given, form.elements.opened?.value);
  for (const field of form.elements) {
    if (!field.name || OF_THE_PAGE.has(field.name) || field.type === 'submit') continue;
    const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
    if (!untouched(field.name)) {
      const lost = field.tagName === 'TEXTAREA' && values[0] && !field.value.includes(values[0]);
      if (lost) field.value = `${values[0]}\n${field.value}`; // whoever began to write anew loses nothing
      continue;
    }
    if (field.type === 'radio' || field.type === 'checkbox') field.checked = values.includes(field.value);
    else if (field.tagName !== 'FIELDSET') field.value = values[0] ?? '';
    if (values[0] && field.closest('details')) field.closest('details').open = true;
  }
  if (form.elements.id) form.elements.id.value = valueIn(pairs, 'id');
};
