// Sent, but not stored as far as we know: say so, and leave what was written in the form.
const showNote = (shown) => {
  const note = document.getElementById('no-answer');
  if (note) note.hidden = !shown;
};

const wasSending = (ctx) => ctx.request.method.toUpperCase() === 'POST';

document.addEventListener('htmx:before:request', () => showNote(false));

document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
  if (ctx && wasSending(ctx)) showNote(true);
});

document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
  if (ctx.response.status !== 422 && !ctx.hx.redirect && wasSending(ctx)) showNote(true);
});
