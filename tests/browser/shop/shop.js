// What the shop does by itself, as shops do; calls before our script is there wait for it.
const answers = {
  alive: () => (document.getElementById("status").textContent = `In the cart: ${performance.now()}`),
  broken: () => {
    throw new Error("Payment of ada.lovelace@example.org is broken");
  },
  refused: () => fetch("/missing?mail=ada.lovelace@example.org"),
  slow: () => fetch("/slow").then(() => (document.getElementById("status").textContent = "Found")),
  next: () => history.pushState({}, "", "/next"),
};
for (const [id, answer] of Object.entries(answers)) document.getElementById(id).addEventListener("click", answer);
document.getElementById("order").addEventListener("submit", (event) => event.preventDefault());
window.nous ||= [];
window.nous.push(["track", "Shop Opened", { greeting: "hello" }]);
