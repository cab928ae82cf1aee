document.getElementById("root").attachShadow({ mode: "open" }).innerHTML = "<p>Quiet <b>root</b></p>";
