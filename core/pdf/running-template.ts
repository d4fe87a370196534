/**
 * Headers and footers. Chromium puts their HTML into a page of its own that has scripts on and no policy, so handlers
 * would run there, and a frame in one brings the renderer down. What they may not have is taken out first, by the
 * parser that will read them.
 */
export interface RunningTemplate {
  /** Without what is not allowed; images by relative URL stand as `influxion-asset:N`. */
  readonly html: string;
  /** URLs that were taken out. */
  readonly blocked: readonly string[];
  /** Whether scripts or handlers were taken out. */
  readonly scripts: boolean;
  /** Relative URLs of images, N after N. */
  readonly images: readonly string[];
}

/** What stands for the image number N until its bytes are put in its place. */
export const imagePlaceholder = (index: number): string => `influxion-asset:${index};`;

/** An expression that gives the RunningTemplate of a text. It touches nothing of the page that it runs in. */
export function runningTemplateScript(html: string): string {
  return `((html) => {
  const REMOVED = 'script,iframe,frame,frameset,object,embed,applet,portal,fencedframe,link,meta,base,form,input,button,select,textarea,' +
    'video,audio,source,track,template,noscript,noembed,noframes,xmp,plaintext,math,foreignObject,feImage,animate,set,dialog';
  const URLS = ['src', 'href', 'xlink:href', 'srcset', 'background', 'action', 'formaction', 'data', 'poster', 'ping', 'srcdoc', 'lowsrc', 'dynsrc'];
  const found = new DOMParser().parseFromString(html, 'text/html');
  const blocked = [];
  const images = [];
  let scripts = false;
  for (const element of found.querySelectorAll(REMOVED)) {
    if (element.localName === 'script') scripts = true;
    const url = element.getAttribute('src') || element.getAttribute('href') || element.getAttribute('data');
    if (url) blocked.push(url);
    element.remove();
  }
  for (const element of found.querySelectorAll('*')) {
    for (const { name, value } of [...element.attributes]) {
      if (/^on/i.test(name)) {
        scripts = true;
        element.removeAttribute(name);
      } else if (URLS.includes(name.toLowerCase())) {
        const url = value.trim();
        if (url.startsWith('#') || /^data:image\\//i.test(url)) continue;
        if (element.localName === 'a' && /^(?:https?|mailto|tel):/i.test(url)) continue;
        element.removeAttribute(name);
        if (/^javascript:/i.test(url)) scripts = true;
        else if (element.localName === 'img' && name === 'src' && !/^[a-z][a-z0-9+.-]*:|^\\/\\//i.test(url)) {
          element.setAttribute('src', 'influxion-asset:' + images.length + ';');
          images.push(url);
        } else blocked.push(url);
      }
    }
  }
  // A style sheet or font that is fetched brings the renderer down; constructed sheets know no @import.
  const isFetched = (rule) => rule instanceof CSSFontFaceRule && /url\\(\\s*["']?(?!["']?data:)/i.test(rule.cssText);
  const prune = (owner) => {
    for (let index = owner.cssRules.length - 1; index >= 0; index -= 1) {
      const rule = owner.cssRules[index];
      if (isFetched(rule)) {
        blocked.push('@font-face ' + rule.style.getPropertyValue('font-family'));
        owner.deleteRule(index);
      } else if (rule.cssRules && rule.deleteRule) prune(rule);
    }
  };
  for (const style of found.querySelectorAll('style')) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style.textContent);
    if (/@import/i.test(style.textContent)) blocked.push('@import');
    prune(sheet);
    style.textContent = [...sheet.cssRules].map((rule) => rule.cssText).join('\\n').replaceAll('</', '<\\\\/');
  }
  return { html: found.head.innerHTML + found.body.innerHTML, blocked, scripts, images };
})(${JSON.stringify(html)})`;
}
