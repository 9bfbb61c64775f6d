/** monitoring/k8s against the schemas of Kubernetes, KEDA and the Prometheus operator; safe pods. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Namespace, Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { METRICS } from '../../src/ops/metrics.js';
import { SETTINGS, SETTING_KEYS, envNameOf } from '../../src/ops/settings.js';

const FOLDER = 'monitoring/k8s';
const kustomization = parse(readFileSync(join(FOLDER, 'kustomization.yaml'), 'utf8')) as {
  resources: string[];
  images: { name: string; newTag: string }[];
};

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: any;
}

const manifests = kustomization.resources.flatMap((file) =>
  parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8'), { version: '1.1' }).map(
    (one) => one.toJS() as Manifest,
  ),
);
const of = (kind: string): Manifest[] => manifests.filter((one) => one.kind === kind);

/** Class with the schema of each kind. */
const MODELS: Readonly<Record<string, new (data: any) => { validate(): void }>> = {
  Deployment,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  ScaledObject,
  Service,
  ServiceMonitor,
  StatefulSet,
};

const pods = [...of('StatefulSet'), ...of('Deployment')].map(({ metadata, spec }) => ({
  name: metadata.name,
  pod: spec.template.spec,
  container: spec.template.spec.containers[0],
  labels: spec.template.metadata.labels as Record<string, string>,
  selector: spec.selector.matchLabels as Record<string, string>,
}));

describe(FOLDER, () => {
  it('is listed whole in its kustomization, with the version of the package', () => {
    const files = readdirSync(FOLDER).filter((name) => name !== 'kustomization.yaml');
    expect([...kustomization.resources].sort()).toEqual(files.sort());
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(kustomization.images).toEqual([{ name: 'mms', newTag: version }]);
    expect(pods.map(({ container }) => container.image)).toEqual(['mms', 'mms']);
  });

  it('keeps to the schema of every kind, which finds a slip', () => {
    for (const { apiVersion, kind, ...rest } of manifests) {
      const model = new MODELS[kind]!(rest);
      expect(model).toMatchObject({ apiVersion, kind });
      expect(() => model.validate(), `${kind} ${rest.metadata.name}`).not.toThrow();
    }
    const { metadata, spec } = of('StatefulSet')[0]!;
    const slip = new StatefulSet({ metadata, spec: { ...spec, replicas: 'one' } });
    expect(() => slip.validate()).toThrow(/replicas/);
  });

  it('is put together by kubectl, where there is one', () => {
    const { error, status, stdout, stderr } = spawnSync('kubectl', ['kustomize', FOLDER], {
      encoding: 'utf8',
    });
    if (error) {
      console.warn('skipped: kubectl is absent (the kustomization is not put together)');
      return;
    }
    expect([status, stderr]).toEqual([0, '']);
    const built = parseAllDocuments(stdout).map((one) => one.toJS() as Manifest);
    expect(built.map(({ kind }) => kind).sort()).toEqual(manifests.map(({ kind }) => kind).sort());
  });

  it('takes every right that no pod needs, and bounds what each may use', () => {
    for (const { name, pod, container } of pods) {
      expect({ name, ...pod.securityContext }).toEqual({
        name,
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        fsGroup: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(Object.keys(container.resources.requests)).toEqual(['cpu', 'memory']);
      expect(container.resources.limits.memory).toMatch(/^\d+Gi$/);
    }
  });

  it('gives a pod that is stopped the time that the program takes, and probes what it answers', () => {
    const [server, node] = [pods[0]!, pods[1]!];
    const valueOf = (name: string): string =>
      server.container.env.find((one: { name: string }) => one.name === name).value;
    expect(server.pod.terminationGracePeriodSeconds).toBeGreaterThan(Number(valueOf('MMS_STOP_GRACE_S')) + 5);
    expect(node.pod.terminationGracePeriodSeconds).toBeGreaterThan(SETTINGS['limits.overrunS'].default);
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      expect(server.container[probe].httpGet.path).toMatch(/^\/health\/(live|ready)$/);
    }
    const ports = server.container.ports.map((one: { containerPort: number }) => one.containerPort);
    const router = Number(SETTINGS['router.bind'].default.split(':').at(-1));
    expect(ports).toEqual([SETTINGS['http.port'].default, router]);
  });

  it('names only settings, metrics, pods, volumes and ports that are there', () => {
    const settings = SETTING_KEYS.map(envNameOf);
    for (const { pod, container, labels, selector } of pods) {
      expect(labels).toMatchObject(selector);
      const names = (container.env ?? []).map((one: { name: string }) => one.name);
      expect(names.filter((name: string) => !settings.includes(name as never))).toEqual([]);
      const volumes = [...pod.volumes.map((one: { name: string }) => one.name), 'data'];
      const mounted = container.volumeMounts.map((one: { name: string }) => one.name);
      expect(mounted.filter((name: string) => !volumes.includes(name))).toEqual([]);
    }
    const selectors = [
      ...of('Service').map(({ spec }) => spec.selector),
      ...of('PodDisruptionBudget').map(({ spec }) => spec.selector.matchLabels),
      ...of('NetworkPolicy').map(({ spec }) => spec.podSelector.matchLabels ?? {}),
    ];
    for (const selector of selectors) {
      expect(
        pods.some(({ labels }) => Object.entries(selector).every(([key, value]) => labels[key] === value)),
      ).toBe(true);
    }
    const [{ spec: scaler }] = of('ScaledObject') as [Manifest];
    expect(scaler.scaleTargetRef.name).toBe('mms-node');
    const asked = [...scaler.triggers[0].metadata.query.matchAll(/mms_\w+/g)].map(([name]) => name);
    expect(asked).toEqual(['mms_queue_depth']);
    expect(asked.filter((name) => !Object.hasOwn(METRICS, name))).toEqual([]);
    const [{ spec: service }] = of('Service') as [Manifest];
    const ports = service.ports.map((one: { name: string }) => one.name);
    expect(of('ServiceMonitor')[0]!.spec.endpoints.map((one: { port: string }) => one.port)).toEqual([
      ports[0],
    ]);
    expect(pods[1]!.container.args[0]).toContain(
      `tcp://${of('Service')[0]!.metadata.name}:${service.ports[1].port}`,
    );
  });
});
