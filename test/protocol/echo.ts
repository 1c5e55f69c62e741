/** Sends back whatever it gets, so that a test sees what a message looks like after a process boundary. */
import process from 'node:process';

process.on('message', (message) => process.send?.(message));
process.on('disconnect', () => process.exit(0));
