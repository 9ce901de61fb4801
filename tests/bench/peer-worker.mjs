// Trains a case in the library named in the address, whose losses before and after the first update must
// equal the engine's. Then answers every message, a number of steps, when they are done.

const tolerance = 1e-3; // relative, of losses

const address = new URLSearchParams(location.search);
const { Peer } = await import(`/build/bench/peers/${address.get('library')}.js`);
const fixture = await (await fetch(address.get('fixture'))).json();
const peer = await Peer.open(fixture);

function check(loss, wanted) {
  if (!(Math.abs(loss - wanted) <= tolerance * wanted))
    throw new Error(`${location.search}: the loss is ${loss}, the engine's ${wanted}`);
}

check(await peer.step(), fixture.loss);
check(await peer.loss(), fixture.loss_after);

onmessage = async ({ data: steps }) => {
  for (let i = 0; i < steps; ++i) await peer.step();
  postMessage('done');
};
postMessage('ready');
