// web-push-testing, bound to this machine alone; its own command listens on every interface.
const http = require('node:http');
const path = require('node:path');

const parts = path.join(__dirname, 'node', 'node_modules', 'web-push-testing', 'src');
const { listen } = http.Server.prototype;
http.Server.prototype.listen = function onLoopback(port, ...rest) {
  return listen.call(this, port, '127.0.0.1', ...rest.filter((one) => typeof one === 'function'));
};
const Server = require(path.join(parts, 'server.js'));
const { PushApiModel } = require(path.join(parts, 'PushApiModel.js'));
new Server(new PushApiModel(), Number(process.argv[2])).startServer();
