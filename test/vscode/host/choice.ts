/**
 * Which VS Code the tests drive: the desktop build that @vscode/test-electron downloads, or, where the vendor
 * cannot be reached, the same release as the npm package code-server carries it. `BILEVEL_VSCODE_HOST` decides;
 * without it what is installed already; without that one short connection attempt. So a checkout that has run
 * its tests once always runs them on the same host.
 */
import { existsSync } from 'node:fs';
import { connect } from 'node:tls';
import { codeServerStamp, desktopStamp } from './paths.ts';

export type HostKind = 'desktop' | 'packaged';

const vendor = 'update.code.visualstudio.com';
/** Long enough for a slow line's name look-up and handshake, short enough not to be noticed before a test run. */
const patienceMilliseconds = 3000;

export async function chooseHost(): Promise<HostKind> {
  const wish = process.env['BILEVEL_VSCODE_HOST'];
  if (wish === 'desktop' || wish === 'packaged') return wish;
  if (wish !== undefined && wish !== '') {
    throw new Error(`BILEVEL_VSCODE_HOST is "${wish}"; it can be "desktop" or "packaged".`);
  }
  if (existsSync(desktopStamp)) return 'desktop';
  if (existsSync(codeServerStamp)) return 'packaged';
  return (await canReach(vendor, 443)) ? 'desktop' : 'packaged';
}

/** True when a TLS handshake succeeds in time: a proxy that answers for unknown hosts has no certificate for them. */
export function canReach(host: string, port: number, patience = patienceMilliseconds): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (reachable: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reachable);
    };
    const timer = setTimeout(() => {
      finish(false);
    }, patience);
    socket.once('secureConnect', () => {
      finish(true);
    });
    socket.once('error', () => {
      finish(false);
    });
  });
}
