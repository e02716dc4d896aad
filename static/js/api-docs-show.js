// The table of addresses, drawn from the schema that the page names.
"use strict";

SwaggerUIBundle({
  url: document.querySelector("#swagger-ui").dataset.schema,
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null, // a badge there would send the schema's address to another site
});
