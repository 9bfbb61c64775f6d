/** Alerts: promtool takes the rules, each fires and stays silent when it should, each has its runbook. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { promtool } from './promtool.js';
import { alerts, runbookQueries, RUNBOOKS } from './queries.js';

const TESTS = ['alerts.test.yml', 'alerts.long.test.yml'].map((name) => join('monitoring', name));

interface RuleTest {
  readonly alert_rule_test: readonly {
    readonly alertname: string;
    readonly exp_alerts: readonly unknown[];
  }[];
}

describe('alerts', () => {
  it('are rules and a scrape configuration that promtool accepts, with tests that pass', () => {
    expect(promtool(['check', 'config', 'monitoring/prometheus.yml'])).toContain('SUCCESS');
    expect(promtool(['check', 'rules', 'monitoring/alerts.yml'])).toContain(`${alerts().length} rules found`);
    for (const path of TESTS) expect(promtool(['test', 'rules', path])).toContain('SUCCESS');
  });

  it('are tested in both directions, each', () => {
    const tests = TESTS.flatMap((path) => (parse(readFileSync(path, 'utf8')) as { tests: RuleTest[] }).tests);
    const cases = tests.flatMap((one) => one.alert_rule_test);
    expect(alerts().length).toBeGreaterThanOrEqual(14);
    for (const { alert } of alerts()) {
      const own = cases.filter(({ alertname }) => alertname === alert);
      expect([alert, own.some((one) => one.exp_alerts.length === 0)]).toEqual([alert, true]);
      expect([alert, own.some((one) => one.exp_alerts.length > 0)]).toEqual([alert, true]);
    }
    expect(new Set(cases.map(({ alertname }) => alertname))).toEqual(
      new Set(alerts().map(({ alert }) => alert)),
    );
  });

  it('say how bad they are, what is the matter, and where the runbook is', () => {
    for (const { alert, labels, annotations } of alerts()) {
      expect(alert).toMatch(/^Mms[A-Z][A-Za-z]+$/);
      expect(labels['severity']).toMatch(/^(page|warn)$/);
      expect(annotations['summary']).toMatch(/^[^a-z].*\.$|^\{\{/);
      expect(annotations['runbook_url']).toBe(`${RUNBOOKS}/${alert}.md`);
      expect(existsSync(annotations['runbook_url']!), alert).toBe(true);
    }
  });
});

describe('runbooks', () => {
  it('are those of the alerts, with what it means, at most three queries, what to do and how to see that it helped', () => {
    const names = alerts().map(({ alert }) => `${alert}.md`);
    expect(readdirSync(RUNBOOKS).sort()).toEqual(names.sort());
    for (const name of names) {
      const text = readFileSync(join(RUNBOOKS, name), 'utf8');
      const [title, ...headings] = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
      expect([`${title}.md`, ...headings]).toEqual([name, 'Look', 'Fix', 'Verify']);
      const own = runbookQueries().filter(({ where }) => where === name);
      expect(own.length, name).toBeGreaterThanOrEqual(1);
      expect(own.length, name).toBeLessThanOrEqual(3);
      expect(text.split('## Verify')[1], name).toMatch(/```sh\n[^`]+```/);
    }
  });

  it('lead to pages that exist', () => {
    for (const name of readdirSync(RUNBOOKS)) {
      const links = readFileSync(join(RUNBOOKS, name), 'utf8').matchAll(/\]\(([^)]+)\)/g);
      for (const [, path] of links) expect(existsSync(join(RUNBOOKS, path!)), `${name}: ${path}`).toBe(true);
    }
  });
});
