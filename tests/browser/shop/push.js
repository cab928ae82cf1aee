for (const name of ["nous:subscribed", "nous:refused"]) {
  document.addEventListener(name, () => {
    document.getElementById("heard").textContent = name;
  });
}
