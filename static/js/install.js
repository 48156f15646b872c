// Where the browser can install the app itself, one button does what the steps tell.
{
  const button = document.querySelector('[data-install]');
  let offer = null; // good for one answer; the browser makes another

  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offer = event;
    button.hidden = false;
  });
  button?.addEventListener('click', () => {
    button.hidden = true;
    offer?.prompt();
    offer = null;
  });
  window.addEventListener('appinstalled', () => {
    document.querySelector('main').classList.add('is-installed');
    document.getElementById('voice').textContent = document.querySelector('.installed').textContent;
  });
}
