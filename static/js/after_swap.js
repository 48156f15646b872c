// After htmx has put new content in place: say it aloud, and move focus where the reader should go on.
const focusOn = (element) => {
  if (!element) return;
  element.setAttribute('tabindex', '-1');
  element.focus();
};

const say = (text) => {
  const voice = document.getElementById('voice');
  if (voice) voice.textContent = text;
};

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  const titled = document.querySelector('main [data-title]');
  if (titled) ctx.title = titled.dataset.title;
  say(document.querySelector('main [data-say]')?.dataset.say || '');
  const errors = document.querySelector('main .error-summary');
  if (errors) focusOn(errors);
  else if (ctx.target === document.body) focusOn(document.querySelector('h1'));
});
