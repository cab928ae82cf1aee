// Taken in by the service worker of a customer's site: shows a push message, and opens what it leads to.
interface Pushed extends Event {
  data?: { json(): unknown };
  waitUntil(work: Promise<unknown>): void;
}
interface Pressed extends Event {
  notification: Notification;
  waitUntil(work: Promise<unknown>): void;
}
interface Worker {
  registration: ServiceWorkerRegistration;
  clients: { openWindow(address: string): Promise<unknown> };
}
interface Told {
  title: string;
  text: string;
  address: string;
  tag: string;
}

const worker = self as unknown as Worker & EventTarget;

worker.addEventListener("push", (event) => {
  const { data, waitUntil } = event as Pushed;
  if (!data) return;
  const { title, text, address, tag } = data.json() as Told;
  waitUntil.call(event, worker.registration.showNotification(title, { body: text, tag, data: address }));
});

worker.addEventListener("notificationclick", (event) => {
  const { notification, waitUntil } = event as Pressed;
  notification.close();
  if (notification.data) waitUntil.call(event, worker.clients.openWindow(String(notification.data)));
});
