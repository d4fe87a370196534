/**
 * No document reaches anything: every way that HTML has to make a browser connect, against a listener on this machine.
 * The list follows the records of what leaked in other products.
 */
import { request as httpRequest } from 'node:http';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCanary, type Canary } from '../support/engine-canary.ts';
import { pdfFacts } from '../support/engine-pdf-facts.ts';
import { printRequest, wholePdf } from '../support/engine-requests.ts';
import type { EngineWorld } from './pdf-engine.contract.ts';

type Attack = (host: string) => string;

const MARKUP: Readonly<Record<string, Attack>> = {
  image: (host) => `<img src="http://${host}/img">`,
  'image, odd letter case': (host) => `<img src="HtTp://${host}/img"><img src="//${host}/img">`,
  'image, other ways to write the address': (host) =>
    ['[::ffff:127.0.0.1]', '2130706433', '0177.0.0.1', '0x7f.1', 'localhost', '127.1', '[::1]']
      .map((name) => `<img src="http://${host.replace('127.0.0.1', name)}/img">`)
      .join(''),
  'srcset and picture': (host) =>
    `<img srcset="http://${host}/a 1x, http://${host}/b 2x"><picture><source srcset="http://${host}/c"><img src="x"></picture>`,
  'meta refresh': (host) => `<meta http-equiv="refresh" content="0;url=http://${host}/refresh">`,
  frames: (host) =>
    `<iframe src="http://${host}/f"></iframe><iframe srcdoc='<img src="http://${host}/sd">'></iframe>`,
  frameset: (host) => `<frameset><frame src="http://${host}/f"></frameset>`,
  'object, embed, applet': (host) =>
    `<object data="http://${host}/o"></object><embed src="http://${host}/e"><object type="application/pdf" data="http://${host}/p.pdf"></object>`,
  'audio, video, track': (host) =>
    `<video src="http://${host}/v" poster="http://${host}/p"><track src="http://${host}/t" default></video><audio src="http://${host}/a" autoplay></audio>`,
  'style sheets': (host) =>
    `<link rel="stylesheet" href="http://${host}/l"><style>@import url("http://${host}/i");</style>`,
  'CSS urls': (host) =>
    `<style>@font-face{font-family:F;src:url(http://${host}/f)}p{font-family:F;background:url(http://${host}/b);cursor:url(http://${host}/c),auto;list-style-image:url(http://${host}/l);border-image:url(http://${host}/bi) 1;mask:url(http://${host}/m);filter:url(http://${host}/fi#x);content:image-set("http://${host}/is" 1x)}p::before{content:url(http://${host}/ct)}</style><p>x`,
  'CSS of the page box': (host) =>
    `<style>@page{background:url(http://${host}/pg);@top-left{content:url(http://${host}/tl)}}</style><p>x`,
  SVG: (host) =>
    `<svg><use href="http://${host}/u#a"/><image href="http://${host}/i"/><feImage href="http://${host}/fe"/><foreignObject><img src="http://${host}/fo"></foreignObject></svg>`,
  'SVG as an image': (host) =>
    `<img src="data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg"><image href="http://${host}/i"/><style>@import "http://${host}/s";</style></svg>`)}">`,
  'link relations': (host) =>
    [
      'preconnect',
      'dns-prefetch',
      'prefetch',
      'preload',
      'modulepreload',
      'prerender',
      'icon',
      'manifest',
      'search',
    ]
      .map(
        (rel) =>
          `<link rel="${rel}" href="http://${host}/${rel.replaceAll(' ', '')}" as="image" crossorigin>`,
      )
      .join(''),
  'body and table backgrounds': (host) =>
    `<body background="http://${host}/b"><table background="http://${host}/t"><td background="http://${host}/c">x</table>`,
  'base address': (host) =>
    `<base href="http://${host}/"><img src="relative.png"><link rel="stylesheet" href="r.css">`,
  form: (host) =>
    `<form action="http://${host}/form" method="post"><input type="image" src="http://${host}/in"><button autofocus>x</button></form>`,
  ping: (host) => `<a href="http://${host}/a" ping="http://${host}/ping">x</a>`,
  'template and noscript': (host) => `<noscript><img src="http://${host}/ns"></noscript>`,
  'reports of the policy': (host) =>
    `<meta http-equiv="Content-Security-Policy" content="img-src 'none'; report-uri http://${host}/csp"><img src="x.png">`,
};

const SCRIPTS: Readonly<Record<string, Attack>> = {
  'fetch, also kept alive': (host) =>
    `fetch("http://${host}/f").catch(()=>{}); fetch("http://${host}/k",{method:"POST",keepalive:true,mode:"no-cors",body:"x"}).catch(()=>{})`,
  XMLHttpRequest: (host) => `const x=new XMLHttpRequest(); x.open("GET","http://${host}/x"); x.send()`,
  sendBeacon: (host) => `navigator.sendBeacon("http://${host}/b","x")`,
  EventSource: (host) => `new EventSource("http://${host}/es")`,
  WebSocket: (host) => `new WebSocket("ws://${host}/ws")`,
  WebTransport: (host) => `new WebTransport("https://${host}/wt")`,
  'worker with WebSocket': (host) =>
    `new Worker(URL.createObjectURL(new Blob(['new WebSocket("ws://${host}/w");fetch("http://${host}/wf")'])))`,
  'shared worker': (host) =>
    `new SharedWorker(URL.createObjectURL(new Blob(['new WebSocket("ws://${host}/sw")'])))`,
  'service worker': () => `navigator.serviceWorker.register("sw.js")`,
  WebRTC: (host) =>
    `const c=new RTCPeerConnection({iceServers:[{urls:"stun:${host}"},{urls:"turn:${host}?transport=tcp",username:"u",credential:"c"}]});c.createDataChannel("d");c.createOffer().then(o=>c.setLocalDescription(o))`,
  'window.open': (host) =>
    `window.open("http://${host}/wo"); window.open("http://${host}/wn","_blank","noopener")`,
  location: (host) => `location.href="http://${host}/loc"`,
  'location of the top': (host) => `top.location="http://${host}/top"`,
  'form submitted': (host) =>
    `const f=document.createElement("form");f.action="http://${host}/sub";document.body.append(f);f.submit()`,
  'link clicked': (host) =>
    `const a=document.createElement("a");a.href="http://${host}/clk";a.download="x";a.target="_blank";document.body.append(a);a.click()`,
  'image and script elements': (host) =>
    `new Image().src="http://${host}/im";const s=document.createElement("script");s.src="http://${host}/sc";document.head.append(s)`,
  'module import': (host) => `import("http://${host}/mod.js").catch(()=>{})`,
  'preconnect, added late': (host) =>
    `for(const r of ["preconnect","prefetch","dns-prefetch","preload"]){const l=document.createElement("link");l.rel=r;l.href="http://${host}/"+r;l.as="fetch";document.head.append(l)}`,
  'speculation rules': (host) =>
    `const s=document.createElement("script");s.type="speculationrules";s.textContent=JSON.stringify({prefetch:[{source:"list",urls:["http://${host}/spec"]}],prerender:[{source:"list",urls:["http://${host}/pre"]}]});document.head.append(s)`,
  'frame with a document of its own': (host) =>
    `const i=document.createElement("iframe");i.srcdoc='<script>fetch("http://${host}/sd");new WebSocket("ws://${host}/sdw")<\\/script><img src="http://${host}/sdi">';document.body.append(i);const j=document.createElement("iframe");document.body.append(j);try{j.contentWindow.fetch("http://${host}/j")}catch{}`,
  'leaving the page': (host) =>
    `addEventListener("pagehide",()=>{navigator.sendBeacon("http://${host}/ph","x");fetch("http://${host}/pk",{keepalive:true,method:"POST"})})`,
  'style in a script': (host) =>
    `const s=new CSSStyleSheet();s.replaceSync("body{background:url(http://${host}/ads)}");document.adoptedStyleSheets=[s];new FontFace("F","url(http://${host}/ff)").load().catch(()=>{})`,
};

/** Long enough for a connection to this machine; a script that waits for it makes the print wait too. */
const SETTLE = 'window.influxionReady = new Promise((resolve) => setTimeout(resolve, 120));';

export function pdfEngineLeakContract(name: string, makeEngine: () => EngineWorld): void {
  describe(`${name}: isolation`, () => {
    let world: EngineWorld;
    let canary: Canary;
    let host: string;
    beforeAll(async () => {
      canary = await openCanary();
      host = `127.0.0.1:${canary.port}`;
      world = makeEngine();
      await world.engine.start();
    });
    afterAll(async () => {
      await world.dispose();
      await canary[Symbol.asyncDispose]();
    });

    const print = async (html: string, changes?: Parameters<typeof printRequest>[1]): Promise<string> => {
      const result = await world.engine.print(printRequest(html, { timeoutMs: 10_000, ...changes }));
      const { pages } = await pdfFacts(result);
      return pages.map(({ text }) => text).join('\n');
    };

    it('has a listener that hears (a test that could not fail)', async () => {
      const control = await openCanary();
      const call = httpRequest({ host: '127.0.0.1', port: control.port });
      await new Promise((resolve) => call.on('error', resolve).end());
      expect(control.heard).not.toEqual([]);
      await control[Symbol.asyncDispose]();
    });

    it.each(Object.entries(MARKUP))('sends nothing by %s', async (_what, attack) => {
      const html = `<!doctype html><title>t</title>${attack(host)}<p>body`;
      await print(html);
      await print(html, { scripts: true });
      expect(canary.heard).toEqual([]);
    });

    it.each(Object.entries(SCRIPTS))('sends nothing by script: %s', async (_what, attack) => {
      const html = `<!doctype html><body><p>body</p><script>${SETTLE} try { ${attack(host)} } catch {}</script>`;
      await print(html, { scripts: true });
      await print(html);
      expect(canary.heard).toEqual([]);
    });

    it('sends nothing by header and footer, and runs no script there', async () => {
      const hostile = Object.values(MARKUP)
        .map((attack) => attack(host))
        .join('');
      const handlers = Object.values(SCRIPTS)
        .map(
          (attack) =>
            `<img src=x onerror="${attack(host).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">`,
        )
        .join('');
      const margins = { top: 2, right: 1, bottom: 2, left: 1 };
      for (const scripts of [false, true]) {
        const text = await print('<p>body', {
          scripts,
          settings: {
            margins,
            headerHtml: `<span style="font-size:9px">head<script>document.body.textContent='ran'</script></span>${hostile}`,
            footerHtml: `<span style="font-size:9px" id="f">foot</span><img src=x onerror="f.textContent='ran'">${handlers}`,
          },
        });
        expect(text).not.toContain('ran');
      }
      expect(canary.heard).toEqual([]);
    });

    it('reads no file of this machine', async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'influxion-secret-'));
      const file = path.join(folder, 'secret.txt');
      writeFileSync(file, 'THE-SECRET-TEXT');
      const url = `file://${file}`;
      const html =
        `<iframe src="${url}" width="300"></iframe><object data="${url}"></object><embed src="${url}">` +
        `<a href="${url}">x</a><img src="${url}"><link rel="stylesheet" href="${url}">` +
        `<script>${SETTLE} fetch("${url}").then(r=>r.text()).then(t=>document.body.append(t)).catch(()=>{}); location="${url}"</script>`;
      const settings = { headerHtml: html, margins: { top: 3, right: 1, bottom: 1, left: 1 } };
      for (const scripts of [false, true]) {
        expect(await print(html, { scripts, settings })).not.toContain('SECRET');
      }
      const { pdf } = await world.engine.print(printRequest('<p>x', { settings }));
      expect(Buffer.from(await wholePdf(pdf)).toString('latin1')).not.toContain('THE-SECRET-TEXT');
      rmSync(folder, { recursive: true });
    });

    it('has heard nothing at the end either (what is sent late)', async () => {
      await print('<p>last');
      expect(canary.heard).toEqual([]);
    });
  });
}
