// The phone stops the same words as the server: both are asked about the same examples.
const { test } = require('node:test');
const assert = require('node:assert');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const root = join(__dirname, '..', '..');
const page = vm.createContext({ document: { addEventListener() {} } });
vm.runInContext(readFileSync(join(root, 'static', 'js', 'plain_text_guard.js'), 'utf8'), page);
const signIn = vm.runInContext('signIn', page);
const examples = JSON.parse(readFileSync(join(__dirname, 'plain_text.json'), 'utf8'));

for (const [sign, texts] of Object.entries(examples)) {
  for (const typed of texts) {
    test(`${typed}: ${sign}`, () => {
      for (const text of [typed, `Han sagde ${typed} til mig`]) {
        assert.equal(signIn(text) ?? 'nothing', sign);
      }
    });
  }
}
