const parts = [];
for (let place = 0; place < 300; place += 1) parts.push("<li><button type=button></button></li>");
document.getElementById("rows").innerHTML = parts.join("");
document.getElementById("named").innerHTML = Array.from("abcdefghijklmnopqrstuvwxyz").flatMap((one) =>
  Array.from("abcdefghij").map((other) => `<button type="button" id="${`${one}${other}-`.repeat(40)}"></button>`)).join("");
