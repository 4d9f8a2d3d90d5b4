import { Socket } from 'node:net';
import { CatalystError } from '../../contracts/errors.ts';

/**
 * A socket that gives up once nothing has moved on it for so long: what waits on it fails, and the pool takes a new connection.
 * A device between the two that loses its tables closes nothing, and without a limit a query would wait for ever.
 */
export function socketWithSilenceLimit(milliseconds: number): Socket {
  const socket = new Socket();
  socket.setTimeout(milliseconds, () => {
    socket.destroy(new CatalystError('REGISTRY_UNAVAILABLE', `Postgres has been silent for ${milliseconds / 1_000} s; the connection is given up.`));
  });
  return socket;
}
