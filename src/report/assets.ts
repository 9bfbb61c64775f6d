/** The scripts and styles that a report carries inside itself, read once from the installed files. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Assets {
  readonly chartScript: string;
  readonly chartStyle: string;
  readonly pageScript: string;
}

let assets: Assets | null = null;

/** uPlot's minified files and the built page script. Reads files on the first call only. */
export function loadAssets(): Assets {
  assets ??= {
    chartScript: readFileSync(fileURLToPath(import.meta.resolve('uplot/dist/uPlot.iife.min.js')), 'utf8'),
    chartStyle: readFileSync(fileURLToPath(import.meta.resolve('uplot/dist/uPlot.min.css')), 'utf8'),
    pageScript: loadScript('client'),
  };
  return assets;
}

const scripts = new Map<string, string>();

/** A built script of the folder page, by its name; read on the first call only. */
export function loadScript(name: 'client' | 'sweep'): string {
  let script = scripts.get(name);
  if (script === undefined)
    scripts.set(name, (script = withoutSourceMap(readFileSync(builtScript(name), 'utf8'))));
  return script;
}

/** A browser reads JavaScript only, so a test that runs from src takes the script from the build. */
function builtScript(name: string): string {
  const here = fileURLToPath(new URL(`./page/${name}.js`, import.meta.url));
  return here.replace(/([\\/])src([\\/]report[\\/]page[\\/])/, '$1dist$2');
}

function withoutSourceMap(script: string): string {
  return script.replace(/\n\/\/# sourceMappingURL=.*/g, '');
}
