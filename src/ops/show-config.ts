/** A configuration for people and scripts: every value, where it comes from, secrets hidden. */
import { valueOf, type LoadedConfig } from './config.js';
import { isHot } from './hot.js';
import { SETTING_KEYS, SETTINGS, type Setting, type SettingKey, type SettingValue } from './settings.js';

export interface ShownSetting {
  /** '(hidden)' for a secret that is set. */
  readonly value: SettingValue;
  /** 'flag --port', 'env MMS_HTTP_PORT', 'file x.yaml', 'preset laptop', 'default'. */
  readonly origin: string;
  /** A running service takes a change of it on SIGHUP. */
  readonly hot: boolean;
}

/** For `mms config show --json`. */
export function shownSettings({ config, origins }: LoadedConfig): Record<SettingKey, ShownSetting> {
  const all = SETTING_KEYS.map((key): [SettingKey, ShownSetting] => {
    const setting: Setting = SETTINGS[key];
    const value = valueOf(config, key);
    const shown = setting.secret && value !== null ? '(hidden)' : value;
    return [key, { value: shown, origin: origins[key], hot: isHot(key) }];
  });
  return Object.fromEntries(all) as Record<SettingKey, ShownSetting>;
}

/** One line per setting, as YAML. */
export function showConfig(loaded: LoadedConfig, withOrigin: boolean): string {
  const lines = Object.entries(shownSettings(loaded)).map(([key, { value, origin }]) => {
    const shown = value === '(hidden)' ? value : JSON.stringify(value);
    return withOrigin ? `${key}: ${shown}  # ${origin}` : `${key}: ${shown}`;
  });
  return `${lines.join('\n')}\n`;
}
