package issueledger.openapi;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters.ServerBuilder;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Wires the document of a service; both import it and have a {@link ServiceDocument}. What springdoc brings along (Jackson 2 with its
 * YAML, a bean validator) is for the document alone: the service neither answers nor checks anything with it.
 */
@Configuration(proxyBeanMethods = false)
@Import({OpenApiController.class, SwaggerUi.class})
public class OpenApiConfiguration implements WebMvcConfigurer {
    @Override
    public void configureMessageConverters(ServerBuilder builder) {
        builder.withYamlConverter(new NoYaml());
    }

    @Override
    public Validator getValidator() {
        return new Validator() {
            @Override
            public boolean supports(Class<?> type) {
                return false;
            }

            @Override
            public void validate(Object target, Errors errors) {}
        };
    }

    /** In the place of the one that Spring makes where it sees Jackson's YAML. */
    private static final class NoYaml implements HttpMessageConverter<Object> {
        @Override
        public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
            return false;
        }

        @Override
        public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
            return false;
        }

        @Override
        public List<MediaType> getSupportedMediaTypes() {
            return List.of(MediaType.APPLICATION_YAML);
        }

        @Override
        public Object read(Class<? extends Object> type, HttpInputMessage message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(Object value, @Nullable MediaType type, HttpOutputMessage message) {
            throw new UnsupportedOperationException();
        }
    }
}
