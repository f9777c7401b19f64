window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: '../v3/api-docs',
    dom_id: '#swagger-ui',
    deepLinking: true,
    docExpansion: 'list',
    displayRequestDuration: true,
    // It would send the document to another host.
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis]
  });
};
