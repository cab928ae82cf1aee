importScripts("SCRIPT".replace("nous.js", "worker.js"));
