document.documentElement.classList.add("runs");
