// Drives a VS Code in a Chromium that has no screen, over the protocol of its developer tools.
//
//     node vscode.mjs PORT-OF-CHROMIUM ADDRESS-OF-VSCODE FOLDER

import { writeFileSync } from 'node:fs';

const [port, address, folder] = process.argv.slice(2);
/** Milliseconds; machines may be busy. */
const LIMIT = Number(process.env.LIMIT ?? 180) * 1000;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(what, holds) {
  const end = Date.now() + LIMIT;
  for (;;) {
    const found = await holds().catch(() => undefined);
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what} does not come`);
    await pause(250);
  }
}

/** A page of the browser. */
class Page {
  #socket;
  #last = 0;
  #waiting = new Map();

  static async open() {
    const pages = await until('the browser', async () => (await fetch(`http://127.0.0.1:${port}/json`)).json());
    const page = new Page();
    page.#socket = new WebSocket(pages.find((one) => one.type === 'page').webSocketDebuggerUrl);
    page.#socket.onmessage = ({ data }) => {
      const { id, result, error } = JSON.parse(data);
      const { resolve, reject } = page.#waiting.get(id) ?? {};
      page.#waiting.delete(id);
      if (error) reject?.(new Error(error.message));
      else resolve?.(result);
    };
    await new Promise((resolve, reject) => Object.assign(page.#socket, { onopen: resolve, onerror: reject }));
    return page;
  }

  ask(method, params = {}) {
    const id = ++this.#last;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** The value of an expression in the page. */
  async value(expression) {
    return (await this.ask('Runtime.evaluate', { expression, returnByValue: true })).result.value;
  }

  /** A key, with `ctrl` perhaps. */
  async press(key, code, number, ctrl = false) {
    const event = { key, code, windowsVirtualKeyCode: number, modifiers: ctrl ? 2 : 0 };
    await this.ask('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...event });
    await this.ask('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
  }

  /** A click into the middle of what a selector and a text find. */
  async click(selector, text) {
    const place = await this.value(`(() => {
      const found = [...document.querySelectorAll(${JSON.stringify(selector)})].find((one) => one.textContent.includes(${JSON.stringify(text)}));
      const box = found?.getBoundingClientRect();
      return box?.width > 0 && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    })()`);
    if (!place) throw new Error(`\`${text}\` is not there`);
    for (const type of ['mousePressed', 'mouseReleased']) {
      await this.ask('Input.dispatchMouseEvent', { type, ...place, button: 'left', clickCount: 1 });
    }
  }

  /** A command of the palette, for the text with the cursor in `word`. */
  async command(title, word) {
    await this.click('.view-line span span', word);
    await until(`the command ${title}`, async () => {
      await this.press('F1', 'F1', 112);
      await pause(500);
      await this.ask('Input.insertText', { text: title });
      await pause(1000);
      const found = await this.value(
        `document.querySelector('.quick-input-list .monaco-list-row.focused')?.textContent.includes(${JSON.stringify(title)})`,
      );
      if (!found) await this.press('Escape', 'Escape', 27);
      return found;
    });
    await this.press('Enter', 'Enter', 13);
  }

  async picture(path) {
    const { data } = await this.ask('Page.captureScreenshot', { format: 'png' });
    writeFileSync(path, Buffer.from(data, 'base64'));
  }
}

const page = await Page.open();
try {
  // Without it menus close at once: nothing has the focus of a browser without a screen.
  await page.ask('Page.bringToFront');
  await page.ask('Emulation.setFocusEmulationEnabled', { enabled: true });
  const payload = JSON.stringify([['openFile', `vscode-remote://${new URL(address).host}${folder}/main.infra`]]);
  await page.ask('Page.navigate', {
    url: `${address}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(payload)}`,
  });

  await until('the text', () => page.value(`document.querySelector('.view-lines')?.textContent.includes('keeep')`));
  const classOf = (word) =>
    page.value(`[...document.querySelectorAll('.view-line span span')].find((one) => one.textContent.includes('${word}'))?.className`);
  await until('a colour', async () => {
    const [word, kind, comment] = [await classOf('environment'), await classOf('bucket'), await classOf('///')];
    return word && kind && comment && word !== kind && kind !== comment;
  });
  console.log('ok: colours');

  const mistakes = () => page.value(`document.querySelectorAll('.squiggly-error').length`);
  await until('the mistake', async () => (await mistakes()) > 0);
  console.log('ok: the mistake is told');

  // The list of mistakes shows what is said of it, in the picture as well.
  await until('the list of mistakes', async () => {
    await page.click('#status\\.problems', '1').catch(() => undefined);
    await pause(1000);
    return page.value(`document.querySelector('.markers-panel')?.textContent.includes('has no field')`);
  });
  await page.click('.view-line span span', 'keeep');
  await until('a fix', async () => {
    await page.press('.', 'Period', 190, true);
    await pause(3000);
    return page.value(
      `[...document.querySelectorAll('.action-widget .action-list-item, .action-widget .monaco-list-row')].some((one) => one.textContent.includes('keep'))`,
    );
  });
  await pause(500);
  await page.picture(process.env.PICTURE);
  console.log('ok: a fix is offered');

  await page.press('Enter', 'Enter', 13);
  await until('the end of the mistake', async () => (await mistakes()) === 0);
  console.log('ok: it mends');
  await page.press('s', 'KeyS', 83, true);
  await until('the saved file', () => page.value(`document.querySelectorAll('.tab.dirty').length === 0`));

  const tab = (label) =>
    page.value(`[...document.querySelectorAll('.tab')].some((one) => one.textContent.includes(${JSON.stringify(label)}))`);
  const isShown = (text) =>
    page.value(`[...document.querySelectorAll('.view-line')].some((one) => one.textContent.includes(${JSON.stringify(text)}))`);
  await page.command('Show the Graph', '30');
  await until('the graph', () => tab('Infra: Graph'));
  console.log('ok: the graph beside the text');
  await page.command('Show What Reaches This', 'api');
  await until('the reach', () => tab('reach.txt'));
  console.log('ok: what reaches it');
  await page.command('Show What This Becomes', '30');
  await until('the emitted line', async () => {
    // Several lines are a choice: the first of them.
    if (await page.value(`!!document.querySelector('.quick-input-widget:not([style*="display: none"]) .monaco-list-row')`)) {
      await page.press('Enter', 'Enter', 13);
      await pause(1000);
    }
    return (await tab('.tf.json')) && (await isShown('"days"'));
  });
  console.log('ok: what a value becomes');
} catch (problem) {
  await page.picture(process.env.PICTURE).catch(() => undefined);
  console.log(`failed: ${problem.message}`);
  process.exit(1);
}
process.exit(0);
