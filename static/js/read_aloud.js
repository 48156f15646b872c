// Læs højt: shown only where the phone has a voice for the language of the page.
const voiceFor = (language) => speechSynthesis.getVoices().find((voice) => voice.lang.toLowerCase().startsWith(language));

const readAloud = () => {
  const button = document.querySelector('[data-read-aloud]');
  if (!button || !('speechSynthesis' in window)) return;
  const language = document.documentElement.lang;
  const offer = () => { button.hidden = !voiceFor(language); };
  const parts = 'main h1, main h2, main p:not([hidden]), main legend, main form label, main .chip span';
  const heard = () => [...document.querySelectorAll(parts)]
    .filter((part) => part.offsetParent && !part.closest('[data-read-aloud]') && !part.matches('label.chip'))
    .map((part) => part.textContent.trim()).filter(Boolean);

  button.addEventListener('click', () => {
    if (speechSynthesis.speaking) {
      speechSynthesis.cancel();
      return;
    }
    heard().forEach((text) => { // one by one: a long text is cut off on some phones
      const said = new SpeechSynthesisUtterance(text);
      said.lang = language === 'da' ? 'da-DK' : 'en-GB';
      said.voice = voiceFor(language);
      speechSynthesis.speak(said);
    });
  });
  speechSynthesis.addEventListener?.('voiceschanged', offer);
  window.addEventListener('pagehide', () => speechSynthesis.cancel());
  offer();
};

readAloud();
