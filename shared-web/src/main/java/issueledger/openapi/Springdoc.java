package issueledger.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.service.OpenAPIService;
import org.springdoc.webmvc.api.OpenApiWebMvcResource;
import org.springdoc.webmvc.core.configuration.SpringDocWebMvcConfiguration;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.web.context.servlet.AnnotationConfigServletWebApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** springdoc in a context of its own, below the service's; it reads the mappings once and is gone. */
final class Springdoc {
    private static final String MAPPINGS = "requestMappingHandlerMapping";

    private Springdoc() {}

    /** The service's document. */
    record Written(String json, String yaml) {}

    static Written write(
            ApplicationContext service, ServletContext servlets, ServiceDocument document, HttpServletRequest request) {
        try (Below context = new Below()) {
            context.setParent(service);
            context.setEnvironment((ConfigurableEnvironment) service.getEnvironment());
            context.setServletContext(servlets);
            context.register(
                    SpringDocConfigProperties.class, SpringDocConfiguration.class, SpringDocWebMvcConfiguration.class);
            RequestMappingHandlerMapping mappings = service.getBean(MAPPINGS, RequestMappingHandlerMapping.class);
            DocumentWriter writer = new DocumentWriter(document, version(service), answered(mappings));
            context.registerBean(DocumentWriter.class, () -> writer);
            context.addBeanFactoryPostProcessor(factory -> factory.registerSingleton(MAPPINGS, mappings));
            context.refresh();
            context.getBean(OpenAPIService.class).addMappings(service.getBeansWithAnnotation(RestController.class));
            OpenApiWebMvcResource resource = context.getBean(OpenApiWebMvcResource.class);
            return new Written(
                    new String(resource.openapiJson(request, "/v3/api-docs", Locale.ENGLISH), UTF_8),
                    new String(resource.openapiYaml(request, "/v3/api-docs.yaml", Locale.ENGLISH), UTF_8));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("the document cannot be written", e);
        }
    }

    private static String version(ApplicationContext service) {
        BuildProperties build = service.getBeanProvider(BuildProperties.class).getIfAvailable();
        return build == null || build.getVersion() == null ? "unknown" : build.getVersion();
    }

    private static Map<String, Type> answered(RequestMappingHandlerMapping mappings) {
        Map<String, Type> answered = new HashMap<>();
        mappings.getHandlerMethods()
                .forEach((mapping, handler) -> mapping.getPatternValues()
                        .forEach(path -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> answered.put(
                                        method + " " + path, handler.getMethod().getGenericReturnType()))));
        return answered;
    }

    /** Its coming and going is no event for the service, which would take its end for its own. */
    private static final class Below extends AnnotationConfigServletWebApplicationContext {
        @Override
        protected void publishEvent(Object event, @Nullable ResolvableType type) {}
    }
}
