// Fields with data-guard may not hold numbers or addresses that point to a person. The server checks the same again.
const SIGNS = {
  email: /[^\s@]@[^\s@]+\.[^\s@]{2,}/,
  phone: /(^|\D)(\d{8}|\d{2}([ .-])\d{2}\3\d{2}\3\d{2}|(?!(?:19|20)\d{2} (?:19|20)\d{2})\d{4} \d{4})(?!\d)|(\+|(^|\D)00)\d([ -]?\d){7,14}/,
  cpr: /(^|\D)(\d{6}|\d{2} \d{2} \d{2})\s?[-\u2010-\u2015\u2212]?\s?\d{4}(?!\d)/,
};

const signIn = (text) => Object.keys(SIGNS).find((name) => SIGNS[name].test(text));

const look = (field) => {
  const note = document.getElementById(field.dataset.guard);
  const sign = signIn(field.value);
  const sentence = sign ? note.dataset[sign] : '';
  if (note.textContent !== sentence) note.textContent = sentence;
  if (sign) field.setAttribute('aria-invalid', 'true');
  else field.removeAttribute('aria-invalid');
  return sign;
};

document.addEventListener('input', (event) => {
  if (event.target.matches('[data-guard]')) look(event.target);
});

document.addEventListener('submit', (event) => {
  const stopped = [...event.target.querySelectorAll('[data-guard]')].filter(look)[0];
  if (!stopped) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  stopped.closest('details')?.setAttribute('open', '');
  stopped.focus();
}, true);
