import { describe, expect, it } from 'vitest';
import { createReadinessMonitor } from '../../../src/observability/readinessMonitor.ts';
import type { HealthCheck } from '../../../src/ports/healthCheck.ts';

describe('the readiness monitor', () => {
  it('checks again only when the results are old, and never twice at a time', async () => {
    let checks = 0;
    let atATime = 0;
    const check: HealthCheck = {
      name: 'postgres',
      async check() {
        checks += 1;
        atATime += 1;
        expect(atATime).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 20));
        atATime -= 1;
        return 'fine';
      },
    };
    const monitor = createReadinessMonitor({ checks: [check], freshMs: 200 });
    await Promise.all([monitor.report(), monitor.report(), monitor.report()]);
    await monitor.report();
    expect(checks).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 250));
    await monitor.report();
    expect(checks).toBe(2);
  });

  it('tells a check that it is given up, and notices when the dependency is back', async () => {
    let hanging = true;
    let aborted = false;
    const check: HealthCheck = {
      name: 'qdrant',
      check: (signal) => {
        signal.addEventListener('abort', () => (aborted = true));
        return hanging ? new Promise(() => undefined) : Promise.resolve('back');
      },
    };
    const monitor = createReadinessMonitor({ checks: [check], timeoutMs: 100, freshMs: 0 });
    expect((await monitor.report()).dependencies[0]).toMatchObject({ ok: false, detail: 'No answer within 100 ms.' });
    expect(aborted).toBe(true);
    hanging = false;
    await expect.poll(async () => (await monitor.report()).status).toBe('ready');
  });

  it('says how old what it tells is, while a check hangs', async () => {
    let hanging = false;
    const check: HealthCheck = { name: 'qdrant', check: () => (hanging ? new Promise(() => undefined) : Promise.resolve('fine')) };
    const monitor = createReadinessMonitor({ checks: [check], timeoutMs: 60_000, freshMs: 0, patienceMs: 1 });
    await monitor.report();
    hanging = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
    const [told] = (await monitor.report()).dependencies;
    expect(told).toMatchObject({ ok: true, detail: 'fine' });
    expect(told?.ageMs).toBeGreaterThanOrEqual(299);
  });
});
