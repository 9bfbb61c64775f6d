/**
 * Settings that change while a service runs: read anew on SIGHUP, taken whole or not at all.
 *
 * A hot setting is one whose readers ask the configuration each time, so that taking it is writing it there;
 * the table of settings says which are. A configuration that is refused changes nothing.
 */
import type { MmsError } from '../contract/problem.js';
import type { RetentionRules } from '../contract/retention.js';
import { valueOf, type LoadedConfig } from './config.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';
import { SETTING_KEYS, SETTINGS, type Config, type Setting, type SettingKey } from './settings.js';

export interface Reload {
  /** Hot settings that have another value now. */
  readonly taken: readonly SettingKey[];
  /** Others that differ, and wait for a restart. */
  readonly waiting: readonly SettingKey[];
}

/** Whether a running service takes a change of this setting. */
export function isHot(key: SettingKey): boolean {
  const setting: Setting = SETTINGS[key];
  return setting.hot === true;
}

/** Writes the hot settings of `next` into `live`, which all parts of the service hold. */
export function takeHot(live: Config, next: Config): Reload {
  const differ = SETTING_KEYS.filter((key) => valueOf(live, key) !== valueOf(next, key));
  const taken = differ.filter(isHot);
  for (const key of taken) {
    const path = key.split('.');
    const name = path.pop()!;
    let at = live as unknown as Record<string, unknown>;
    for (const part of path) at = at[part] as Record<string, unknown>;
    at[name] = valueOf(next, key);
  }
  return { taken, waiting: differ.filter((key) => !isHot(key)) };
}

export interface ReloadParts {
  readonly live: Config;
  /** Reads all sources again; throws MmsError E_CONFIG. */
  readonly load: () => LoadedConfig;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'gauge'>;
  /** Runs after a change, for parts that must be told. */
  readonly changed: () => void;
}

/** What a SIGHUP does. Values are not logged: some are secrets. */
export function reload({ live, load, log, metrics, changed }: ReloadParts): void {
  let next: Config;
  try {
    next = load().config;
  } catch (error) {
    const errors = (error as Partial<MmsError>).problem?.errors?.map(({ message }) => message);
    log.error({ errors: errors ?? [(error as Error).message] }, 'configuration refused; the old one stays');
    return metrics.gauge('mms_config_reload_failed', 1);
  }
  const { taken, waiting } = takeHot(live, next);
  metrics.gauge('mms_config_reload_failed', 0);
  changed();
  log.info({ taken }, 'configuration read again');
  if (waiting.length > 0) log.warn({ waiting }, 'these settings changed and wait for a restart');
}

/** The rules of retention as the settings have them whenever they are asked. */
export function retentionRules({ store }: Config): RetentionRules {
  return {
    get ageMs() {
      const { days } = store.retain;
      return days === null ? null : days * 86_400_000;
    },
    get jobs() {
      return store.retain.jobs;
    },
    get bytes() {
      return store.retain.bytes;
    },
  };
}
