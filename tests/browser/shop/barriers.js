document.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = event.target.querySelector("input");
  field.style.borderColor = "#c00";
  if (event.target.id === "said") event.target.querySelector("p").textContent = "Say how many.";
});
